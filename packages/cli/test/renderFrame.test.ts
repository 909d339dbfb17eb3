import stringWidth from "fast-string-width"
import { assert, describe, it } from "vitest"
import { renderFrame } from "../src/output/renderFrame.ts"
import type { Row, Viewport } from "../src/output/renderFrame.ts"

const now = Date.UTC(2026, 0, 1)

const row = (fields: Partial<Row>): Row => ({
  ref: "jimmy:1",
  status: "running",
  progress: null,
  startedAt: now - 4000,
  endedAt: undefined,
  note: "",
  isDone: false,
  ...fields
})

const viewport = (fields: Partial<Viewport> = {}): Viewport => ({
  columns: 80,
  rows: 24,
  now,
  paint: (_, text) => text,
  ...fields
})

describe("the live display", () => {
  it("shows a bar, the status and the age of each task", () => {
    const rows = [
      row({ status: undefined }),
      row({ ref: "sora:sora-2:x", progress: 0.5, note: "failed poll 2" }),
      row({
        ref: "jimmy:3",
        status: "succeeded",
        progress: 1,
        endedAt: now - 1000,
        note: "jimmy_3.png",
        isDone: true
      }),
      row({ ref: "jimmy:4", status: "failed", progress: 0.25, startedAt: now - 100_000, isDone: true })
    ]
    assert.deepStrictEqual(renderFrame(rows, viewport()), [
      "jimmy:1        ████░░░░░░░░░░░░        querying         4 s",
      "sora:sora-2:x  ████████░░░░░░░░   50%  running          4 s  failed poll 2",
      "jimmy:3        ████████████████        succeeded        3 s  jimmy_3.png",
      "jimmy:4        ████░░░░░░░░░░░░   25%  failed      1 m 40 s"
    ])
  })

  it("moves a marker back and forth if the progress is unknown", () => {
    const bars = [0, 300, 1200, 1500, 2400].map((later) =>
      renderFrame([row({})], viewport({ now: now + later }))[0]?.slice(10, 26)
    )
    assert.deepStrictEqual(bars, [
      "████░░░░░░░░░░░░",
      "░░░████░░░░░░░░░",
      "░░░░░░░░░░░░████",
      "░░░░░░░░░████░░░",
      "████░░░░░░░░░░░░"
    ])
  })

  it("shows a summary and the pending tasks if not all fit", () => {
    const rows = Array.from({ length: 50 }, (_, index) =>
      row({
        ref: `jimmy:${index}`,
        status: index < 47 ? "succeeded" : "running",
        progress: 0,
        isDone: index < 47
      })
    )
    const lines = renderFrame(rows, viewport({ rows: 5 }))
    assert.deepStrictEqual(lines, [
      "47 of 50 done · 47 succeeded · 3 running",
      "jimmy:47  ░░░░░░░░░░░░░░░░    0%  running          4 s",
      "jimmy:48  ░░░░░░░░░░░░░░░░    0%  running          4 s",
      "jimmy:49  ░░░░░░░░░░░░░░░░    0%  running          4 s"
    ])
  })

  it("fits every terminal, including wide characters and long refs", () => {
    const rows = [
      row({ ref: `jimmy:${"絵".repeat(60)}`, progress: 0.5, note: "n".repeat(200) }),
      row({ ref: "sora:a" })
    ]
    for (const columns of [1, 10, 20, 40, 79, 200]) {
      for (const line of renderFrame(rows, viewport({ columns })))
        assert.isAtMost(stringWidth(line), Math.max(1, columns - 1))
    }
  })
})
