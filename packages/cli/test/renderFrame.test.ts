import stringWidth from "fast-string-width"
import { assert, describe, it } from "vitest"
import { DownloadMeter } from "../src/output/DownloadMeter.ts"
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
  download: undefined,
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

  it("shortens long refs before it omits the bar or the note", () => {
    const rows = [
      row({ ref: `sora:sora-2:task_${"0123456789".repeat(4)}`, progress: 0.5, note: "failed poll 2" }),
      row({ ref: "jimmy:1", status: "succeeded", note: "jimmy_1.png", isDone: true })
    ]
    assert.deepStrictEqual(renderFrame(rows, viewport({ columns: 80 })), [
      "sora:sora…23456789  ████████░░░░░░░░   50%  running          4 s  failed poll 2",
      "jimmy:1             ████████████████        succeeded        4 s  jimmy_1.png"
    ])
    assert.deepStrictEqual(renderFrame(rows, viewport({ columns: 66 })), [
      "sora:sor…3456789  ████████░░░░░░░░   50%  running          4 s  …",
      "jimmy:1           ████████████████        succeeded        4 s  …"
    ])
    assert.deepStrictEqual(renderFrame(rows, viewport({ columns: 50 })), [
      "sora…789   50%  running          4 s  failed pol…",
      "jimmy:1         succeeded        4 s  jimmy_1.png"
    ])
  })

  /** A download at a constant speed, which started at 0 bytes. */
  const download = (bytes: number, totalBytes: number | null, bytesPerSecond: number): DownloadMeter => {
    const meter = new DownloadMeter()
    meter.update(bytes - bytesPerSecond, totalBytes, now - 1000)
    meter.update(bytes, totalBytes, now)
    return meter
  }

  it("shows the bytes and the speed of a download, and its progress in the bar", () => {
    const rows = [
      row({ status: "succeeded", download: download(12_300_000, 48_000_000, 5_100_000), note: "saving" }),
      row({ status: "succeeded", download: download(12_300_000, null, 99_000) })
    ]
    assert.deepStrictEqual(renderFrame(rows, viewport()), [
      "jimmy:1   ████░░░░░░░░░░░░   25%  saving     12.3 of 48.0 MB, 5.1 MB/s",
      "jimmy:1   ████░░░░░░░░░░░░        saving     12.3 MB, 99.0 kB/s"
    ])
  })

  it("keeps the bar, the bytes and the speed of a download in 80 columns, and shortens the ref", () => {
    const ref = "sora:sora-2:task_01k6x15vhrff09dkkqjrzwhm60"
    const rows = [row({ ref, status: "succeeded", download: download(99_900_000, 99_900_001, 99_900_000) })]
    assert.deepStrictEqual(renderFrame(rows, viewport()), [
      "sora:sor…rzwhm60  ████████████████   99%  saving     99.9 of 99.9 MB, 99.9 MB/s"
    ])
  })

  it("fits every terminal, including wide characters and long refs", () => {
    const rows = [
      row({ ref: `jimmy:${"絵".repeat(60)}`, progress: 0.5, note: "n".repeat(200) }),
      row({ ref: "sora:a" }),
      row({ ref: "sora:b", download: download(99_900_000, 99_900_001, 99_900_000) })
    ]
    for (const columns of [1, 10, 20, 40, 79, 200]) {
      for (const line of renderFrame(rows, viewport({ columns })))
        assert.isAtMost(stringWidth(line), Math.max(1, columns - 1))
    }
  })
})
