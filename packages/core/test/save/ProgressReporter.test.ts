import { describe, expect, it } from "vitest"
import { ProgressReporter } from "../../src/save/ProgressReporter.ts"

const record = () => {
  const reports: Array<readonly [number, number | null]> = []
  return { reports, reporter: new ProgressReporter((...report) => reports.push(report)) }
}

describe("ProgressReporter", () => {
  it("reports the first bytes, and then at most 10 times per second", () => {
    const { reports, reporter } = record()
    for (let now = 0; now < 1000; now += 1) reporter.update(now, 1000, now)
    expect(reports).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900].map((bytes) => [bytes, 1000]))
  })

  it("reports the end at once", () => {
    const { reports, reporter } = record()
    reporter.update(10, undefined, 0)
    reporter.complete(20)
    expect(reports).toEqual([
      [10, null],
      [20, 20]
    ])
  })
})
