/** What a question costs, beside the clients of other vendors: `pnpm bench:query [--quick]`. */
import { runPart } from "./measure/Report.ts"
import type { Findings, Target } from "./measure/Report.ts"
import type { Table } from "./measure/Table.ts"
import { answerSize } from "./query/answers.ts"
import { compare } from "./query/compare.ts"
import type { Comparison, Cost } from "./query/compare.ts"
import { ours } from "./query/ours.ts"
import { peers } from "./query/peers.ts"

const range = (low: number, high: number, digits: number): string =>
  `${low.toFixed(digits)}–${high.toFixed(digits)}`

const costTable = (costs: ReadonlyArray<Cost>, concurrency: number): Table => ({
  title: `A question, ${concurrency} at a time`,
  note: `CPU time of all threads of the asking process, and questions answered in a second. "× floor" compares with \`undici.request\` and \`JSON.parse\` on the same wire format, round by round.`,
  columns: ["", "CPU µs", "middle half", "× floor", "middle half", "a second"],
  rows: costs
    .filter((cost) => cost.concurrency === concurrency)
    .map(({ name, cpu, overFloor, rate }) => [
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
    title: "Where the time of a question goes, 64 at a time",
    note: "Microseconds for a question, by whose code runs: the shares that Node's profiler sees, of the CPU time above.",
    columns: ["", ...names],
    rows: owners.map((owner) => [
      owner,
      ...names.map((name) => ((shares[name]?.[owner] ?? 0) * cpuOf(name)).toFixed(1))
    ])
  }
}

const worst = (costs: ReadonlyArray<Cost>): number =>
  Math.max(...costs.map(({ overFloor }) => overFloor.median))

const targetsOf = (costs: ReadonlyArray<Cost>): ReadonlyArray<Target> => {
  const at64 = costs.filter(({ concurrency }) => concurrency === 64)
  const own = at64.filter(({ name }) => name.startsWith("gentask"))
  const clients = at64.filter(({ name }) =>
    ["openai", "replicate", "@runwayml/sdk", "@fal-ai/client"].includes(name)
  )
  const best = clients.toSorted((one, other) => one.cpu.median - other.cpu.median)[0]
  const most = Math.max(...own.map(({ cpu }) => cpu.median))
  const less = (best?.cpu.median ?? Number.NaN) / most
  return [
    {
      what: "CPU of a query, 64 at a time, the dearest of 4 providers and 2 surfaces",
      target: "at most 1.3 × undici.request + JSON.parse",
      measured: `${worst(own).toFixed(2)} ×`,
      isMet: worst(own) <= 1.3
    },
    {
      what: `CPU of a query, 64 at a time, beside the cheapest client (${best?.name ?? "none"})`,
      target: "at least 3 times less",
      measured: `${less.toFixed(2)} times less`,
      isMet: less >= 3
    }
  ]
}

/** Who costs less than gentask, by concurrency. */
const behindOf = (costs: ReadonlyArray<Cost>): ReadonlyArray<string> =>
  [...new Set(costs.map(({ concurrency }) => concurrency))].flatMap((concurrency) => {
    const here = costs.filter((cost) => cost.concurrency === concurrency)
    const own = here.filter(({ name }) => name.startsWith("gentask"))
    const most = Math.max(...own.map(({ cpu }) => cpu.median))
    const ahead = here.filter(({ name, cpu }) => !name.startsWith("gentask") && cpu.median < most)
    if (ahead.length === 0) return []
    const who = ahead.map(({ name, cpu }) => `${name} (${cpu.median.toFixed(0)} µs)`).join(", ")
    return [
      `A question, ${concurrency} at a time: gentask's dearest provider takes ${most.toFixed(0)} µs of CPU, and less take ${who}.`
    ]
  })

const measure = async (isQuick: boolean): Promise<Findings> => {
  const concurrencies = isQuick ? [64] : [1, 64, 512]
  const comparison = await compare([...peers, ...ours], {
    concurrencies,
    rounds: isQuick ? 5 : 15,
    milliseconds: isQuick ? 60 : 80,
    warmUp: isQuick ? 1000 : 3000,
    profiled: ["undici.request, jimmy", "gentask, jimmy", "gentask in Effect, jimmy"]
  })
  return {
    title: "Query",
    tables: [
      ...concurrencies.map((concurrency) => costTable(comparison.costs, concurrency)),
      shareTable(comparison)
    ],
    targets: targetsOf(comparison.costs),
    behind: behindOf(comparison.costs),
    packages: [
      "undici",
      "effect",
      "@effect/platform-node",
      "openai",
      "replicate",
      "@runwayml/sdk",
      "@fal-ai/client"
    ],
    numbers: { answerSize, ...comparison }
  }
}

await runPart("query", measure)
