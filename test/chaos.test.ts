import { expect, it } from "vitest"
import { chaos } from "./chaos.ts"

it(
  "reports every status correctly and saves every file while a third of all exchanges is disturbed",
  { timeout: 180_000 },
  async () => {
    const report = await chaos(240, 7, 0.35)
    expect(report).toMatchObject({
      correct: report.tasks,
      incorrect: [],
      saved: 192,
      unsaved: [],
      earlyRequests: 0
    })
    expect(report.disturbed / report.exchanges).toBeGreaterThanOrEqual(0.3)
    expect(report.peakRate).toBeLessThanOrEqual(1)
  }
)
