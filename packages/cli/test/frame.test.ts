import stringWidth from "fast-string-width"
import { assert, describe, it } from "vitest"
import { renderFrame } from "../src/output/frame.ts"
import type { Row, View } from "../src/output/frame.ts"

const now = Date.UTC(2026, 0, 1)

const row = (fields: Partial<Row>): Row => ({
  ref: "jimmy:1",
  status: "running",
  progress: null,
  startedAt: now - 4000,
  endedAt: undefined,
  note: "",
  done: false,
  ...fields
})

const view = (fields: Partial<View> = {}): View => ({
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
      row({ ref: "sora:sora-2:x", progress: 0.5, note: "missed 2" }),
      row({
        ref: "jimmy:3",
        status: "succeeded",
        progress: 1,
        endedAt: now - 1000,
        note: "jimmy_3.png",
        done: true
      }),
      row({ ref: "jimmy:4", status: "failed", progress: 0.25, startedAt: now - 100_000, done: true })
    ]
    assert.deepStrictEqual(renderFrame(rows, view()), [
      "jimmy:1        ████░░░░░░░░░░░░        asking           4 s",
      "sora:sora-2:x  ████████░░░░░░░░   50%  running          4 s  missed 2",
      "jimmy:3        ████████████████        succeeded        3 s  jimmy_3.png",
      "jimmy:4        ████░░░░░░░░░░░░   25%  failed      1 m 40 s"
    ])
  })

  it("moves a mark to and fro where the vendor tells no progress", () => {
    const bars = [0, 300, 1200, 1500, 2400].map((later) =>
      renderFrame([row({})], view({ now: now + later }))[0]?.slice(10, 26)
    )
    assert.deepStrictEqual(bars, [
      "████░░░░░░░░░░░░",
      "░░░████░░░░░░░░░",
      "░░░░░░░░░░░░████",
      "░░░░░░░░░████░░░",
      "████░░░░░░░░░░░░"
    ])
  })

  it("collapses into a summary and the open tasks that fit", () => {
    const rows = Array.from({ length: 50 }, (_, index) =>
      row({
        ref: `jimmy:${index}`,
        status: index < 47 ? "succeeded" : "running",
        progress: 0,
        done: index < 47
      })
    )
    const lines = renderFrame(rows, view({ rows: 5 }))
    assert.deepStrictEqual(lines, [
      "47 of 50 done · 47 succeeded · 3 running",
      "jimmy:47  ░░░░░░░░░░░░░░░░    0%  running          4 s",
      "jimmy:48  ░░░░░░░░░░░░░░░░    0%  running          4 s",
      "jimmy:49  ░░░░░░░░░░░░░░░░    0%  running          4 s"
    ])
  })

  it("fits every terminal, wide characters and long refs included", () => {
    const rows = [
      row({ ref: `jimmy:${"絵".repeat(60)}`, progress: 0.5, note: "n".repeat(200) }),
      row({ ref: "sora:a" })
    ]
    for (const columns of [1, 10, 20, 40, 79, 200]) {
      for (const line of renderFrame(rows, view({ columns })))
        assert.isAtMost(stringWidth(line), Math.max(1, columns - 1))
    }
  })
})
