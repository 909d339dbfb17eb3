/** The cost of a query, compared with SDKs of other vendors. `pnpm bench:query [--quick]` */
import { runPart } from "./measure/Report.ts"
import type { Findings, Target } from "./measure/Report.ts"
import type { Table } from "./measure/Table.ts"
import { compare } from "./query/compare.ts"
import type { Comparison, Cost } from "./query/compare.ts"
import { gentaskContestants } from "./query/gentaskContestants.ts"
import { floors, peerContestants } from "./query/peerContestants.ts"
import { responseSize, runningPath } from "./query/responses.ts"

const range = (low: number, high: number, digits: number): string =>
  `${low.toFixed(digits)}–${high.toFixed(digits)}`

const floorNote =
  'CPU time of all threads of the client process, and queries per second. "× floor" is the ratio to `undici.request` and `JSON.parse` on the same wire format, round by round.'

const costTable = (title: string, note: string, costs: ReadonlyArray<Cost>): Table => ({
  title,
  note,
  columns: ["", "CPU µs", "middle half", "× floor", "middle half", "queries/s"],
  rows: costs.map(({ name, cpu, overFloor, rate }) => [
    name,
    cpu.median.toFixed(0),
    range(cpu.low, cpu.high, 0),
    overFloor.median.toFixed(2),
    range(overFloor.low, overFloor.high, 2),
    rate.median.toFixed(0)
  ])
})

const shareTable = ({ shares, costs }: Comparison): Table => {
  const names = Object.keys(shares)
  const owners = [...new Set(names.flatMap((name) => Object.keys(shares[name] ?? {})))].toSorted()
  const cpuOf = (name: string): number =>
    costs.find((cost) => cost.name === name && cost.concurrency === 64)?.cpu.median ?? 0
  return {
    title: "CPU time by owner of the code, finished task, concurrency 64",
    note: "Microseconds per query: the CPU time above, split by the shares that Node's profiler reports.",
    columns: ["", ...names],
    rows: owners.map((owner) => [
      owner,
      ...names.map((name) => ((shares[name]?.[owner] ?? 0) * cpuOf(name)).toFixed(1))
    ])
  }
}

const isGentask = ({ name }: Cost): boolean => name.startsWith("gentask")

const sdks = ["openai", "replicate", "@runwayml/sdk", "@fal-ai/client"]

const at64 = (costs: ReadonlyArray<Cost>): ReadonlyArray<Cost> =>
  costs.filter(({ concurrency }) => concurrency === 64)

const overFloor = (what: string, costs: ReadonlyArray<Cost>): Target => {
  const maximum = Math.max(
    ...at64(costs)
      .filter(isGentask)
      .map((cost) => cost.overFloor.median)
  )
  return {
    what: `CPU of a query of ${what}, concurrency 64, maximum of 4 providers and 2 APIs`,
    target: "at most 1.3 × undici.request + JSON.parse",
    measured: `${maximum.toFixed(2)} ×`,
    isMet: maximum <= 1.3
  }
}

const belowSdks = (costs: ReadonlyArray<Cost>): Target => {
  const sorted = at64(costs).toSorted((a, b) => a.cpu.median - b.cpu.median)
  const maximum = sorted.findLast(isGentask)?.cpu.median ?? Number.NaN
  const cheapest = sorted.find(({ name }) => sdks.includes(name))
  const factor = (cheapest?.cpu.median ?? Number.NaN) / maximum
  return {
    what: `CPU of a query, concurrency 64, compared with the cheapest SDK of another vendor (${cheapest?.name ?? "none"})`,
    target: "at least 3 times less",
    measured: `${factor.toFixed(2)} times less`,
    isMet: factor >= 3
  }
}

/** Names contestants that cost less than gentask, by concurrency. */
const behindOf = (costs: ReadonlyArray<Cost>): ReadonlyArray<string> =>
  [...new Set(costs.map(({ concurrency }) => concurrency))].flatMap((concurrency) => {
    const here = costs.filter((cost) => cost.concurrency === concurrency)
    const maximum = Math.max(...here.filter(isGentask).map(({ cpu }) => cpu.median))
    const ahead = here.filter((cost) => !isGentask(cost) && cost.cpu.median < maximum)
    if (ahead.length === 0) return []
    const cheaper = ahead.map(({ name, cpu }) => `${name} (${cpu.median.toFixed(0)} µs)`).join(", ")
    return [
      `Query, concurrency ${concurrency}: the most expensive provider of gentask takes ${maximum.toFixed(0)} µs of CPU. Cheaper: ${cheaper}.`
    ]
  })

const measure = async (isQuick: boolean): Promise<Findings> => {
  const plan = {
    milliseconds: isQuick ? 60 : 200,
    warmUp: isQuick ? 1000 : 3000,
    profiled: []
  }
  const main = [64, isQuick ? 5 : 15] as const
  const rounds = isQuick ? [main] : ([[1, 9], main, [512, 9]] as const)
  const finished = await compare([...peerContestants, ...gentaskContestants], {
    ...plan,
    rounds,
    profiled: ["undici.request, jimmy", "gentask, jimmy", "gentask in Effect, jimmy"]
  })
  const running = await compare([...floors, ...gentaskContestants], {
    ...plan,
    rounds: [main],
    base: runningPath
  })
  return {
    title: "Query",
    tables: [
      ...rounds.map(([concurrency]) =>
        costTable(
          `Finished task, concurrency ${concurrency}`,
          `The response has ${responseSize} bytes with one signed link, which gentask resolves, and whose expiry it reads. ${floorNote}`,
          finished.costs.filter((cost) => cost.concurrency === concurrency)
        )
      ),
      costTable(
        "Running task, concurrency 64",
        `The usual response of a poll: ${responseSize} bytes without a link. ${floorNote}`,
        running.costs
      ),
      shareTable(finished)
    ],
    targets: [
      overFloor("a running task", running.costs),
      overFloor("a finished task with a signed link", finished.costs),
      belowSdks(finished.costs)
    ],
    behind: behindOf(finished.costs),
    packages: ["undici", "effect", "@effect/platform-node", ...sdks],
    numbers: { responseSize, finished, running }
  }
}

await runPart("query", measure)
