import { expect, it } from "vitest"
import { chaos } from "./chaos.ts"

/** Each of these has to be injected at least once. */
const kinds = {
  queries: [
    "compressed",
    "bom",
    "reordered",
    "close-delimited",
    "clock-skew",
    "empty",
    "truncated",
    "status"
  ],
  media: ["compressed", "close-delimited", "truncated", "empty", "status"]
} as const

it(
  "reports every status correctly and saves every output once while a third of all exchanges is disturbed",
  { timeout: 180_000 },
  async () => {
    const report = await chaos({ tasks: 160, seed: 7, rate: 0.35 })
    expect(report).toMatchObject({
      correct: report.tasks,
      incorrect: [],
      saved: 128,
      unsaved: [],
      interrupted: { killed: 1, suspended: 1 },
      earlyRequests: 0
    })
    const { injected } = report
    expect(injected.faulted / injected.requests).toBeGreaterThanOrEqual(0.3)
    expect(report.peakRate).toBeLessThanOrEqual(1)
    const missing = [
      ...kinds.queries.filter((kind) => injected.queries.byFault[kind] === undefined),
      ...kinds.media.filter((kind) => injected.media.byFault[kind] === undefined)
    ]
    expect(missing).toEqual([])
    const observed = { ...report.observed.queries, ...report.observed.media }
    for (const coding of ["gzip", "br", "deflate", "zstd"])
      expect(observed).toHaveProperty(`content coding ${coding}`)
  }
)
