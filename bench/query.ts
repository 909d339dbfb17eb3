/** What a question costs, beside the clients of other vendors: `pnpm bench:query [--quick]`. */
import { runPart } from "./measure/Report.ts"
import type { Findings, Target } from "./measure/Report.ts"
import type { Table } from "./measure/Table.ts"
import { answerSize, unfinished } from "./query/answers.ts"
import { compare } from "./query/compare.ts"
import type { Comparison, Cost } from "./query/compare.ts"
import { ours } from "./query/ours.ts"
import { floors, peers } from "./query/peers.ts"

const range = (low: number, high: number, digits: number): string =>
  `${low.toFixed(digits)}–${high.toFixed(digits)}`

const floorNote =
  'CPU time of all threads of the asking process, and questions answered in a second. "× floor" compares with `undici.request` and `JSON.parse` on the same wire format, round by round.'

const costTable = (title: string, note: string, costs: ReadonlyArray<Cost>): Table => ({
  title,
  note,
  columns: ["", "CPU µs", "middle half", "× floor", "middle half", "a second"],
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
    title: "Where the time of a question goes, of a task that has ended, 64 at a time",
    note: "Microseconds for a question, by whose code runs: the shares that Node's profiler sees, of the CPU time above.",
    columns: ["", ...names],
    rows: owners.map((owner) => [
      owner,
      ...names.map((name) => ((shares[name]?.[owner] ?? 0) * cpuOf(name)).toFixed(1))
    ])
  }
}

const isOurs = ({ name }: Cost): boolean => name.startsWith("gentask")

const clients = ["openai", "replicate", "@runwayml/sdk", "@fal-ai/client"]

/** Those who ask 64 questions at a time. */
const at64 = (costs: ReadonlyArray<Cost>): ReadonlyArray<Cost> =>
  costs.filter(({ concurrency }) => concurrency === 64)

const overFloor = (what: string, costs: ReadonlyArray<Cost>): Target => {
  const dearest = Math.max(
    ...at64(costs)
      .filter(isOurs)
      .map((cost) => cost.overFloor.median)
  )
  return {
    what: `CPU of a query of ${what}, 64 at a time, the dearest of 4 providers and 2 surfaces`,
    target: "at most 1.3 × undici.request + JSON.parse",
    measured: `${dearest.toFixed(2)} ×`,
    isMet: dearest <= 1.3
  }
}

const overClients = (costs: ReadonlyArray<Cost>): Target => {
  const sorted = at64(costs).toSorted((one, other) => one.cpu.median - other.cpu.median)
  const dearest = sorted.findLast(isOurs)?.cpu.median ?? Number.NaN
  const cheapest = sorted.find(({ name }) => clients.includes(name))
  const less = (cheapest?.cpu.median ?? Number.NaN) / dearest
  return {
    what: `CPU of a query, 64 at a time, beside the cheapest client of another vendor (${cheapest?.name ?? "none"})`,
    target: "at least 3 times less",
    measured: `${less.toFixed(2)} times less`,
    isMet: less >= 3
  }
}

/** Who costs less than gentask, by concurrency. */
const behindOf = (costs: ReadonlyArray<Cost>): ReadonlyArray<string> =>
  [...new Set(costs.map(({ concurrency }) => concurrency))].flatMap((concurrency) => {
    const here = costs.filter((cost) => cost.concurrency === concurrency)
    const most = Math.max(...here.filter(isOurs).map(({ cpu }) => cpu.median))
    const ahead = here.filter((cost) => !isOurs(cost) && cost.cpu.median < most)
    if (ahead.length === 0) return []
    const who = ahead.map(({ name, cpu }) => `${name} (${cpu.median.toFixed(0)} µs)`).join(", ")
    return [
      `A question, ${concurrency} at a time: gentask's dearest provider takes ${most.toFixed(0)} µs of CPU, and less take ${who}.`
    ]
  })

const measure = async (isQuick: boolean): Promise<Findings> => {
  const plan = {
    milliseconds: isQuick ? 60 : 200,
    warmUp: isQuick ? 1000 : 3000,
    profiled: []
  }
  const most = [64, isQuick ? 5 : 15] as const
  const rounds = isQuick ? [most] : ([[1, 9], most, [512, 9]] as const)
  const ended = await compare([...peers, ...ours], {
    ...plan,
    rounds,
    profiled: ["undici.request, jimmy", "gentask, jimmy", "gentask in Effect, jimmy"]
  })
  const running = await compare([...floors, ...ours], { ...plan, rounds: [most], base: unfinished })
  return {
    title: "Query",
    tables: [
      ...rounds.map(([concurrency]) =>
        costTable(
          `A task that has ended, ${concurrency} at a time`,
          `The answer is ${answerSize} bytes with one signed link, which gentask resolves and dates. ${floorNote}`,
          ended.costs.filter((cost) => cost.concurrency === concurrency)
        )
      ),
      costTable(
        "A task that is running, 64 at a time",
        `What polling mostly hears: ${answerSize} bytes without a link. ${floorNote}`,
        running.costs
      ),
      shareTable(ended)
    ],
    targets: [
      overFloor("a running task", running.costs),
      overFloor("a task that has ended, with a signed link", ended.costs),
      overClients(ended.costs)
    ],
    behind: behindOf(ended.costs),
    packages: ["undici", "effect", "@effect/platform-node", ...clients],
    numbers: { answerSize, ended, running }
  }
}

await runPart("query", measure)
