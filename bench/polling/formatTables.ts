import { growingDefault, learnedDefault } from "./candidates.ts"
import type { Point } from "./Point.ts"
import { ratioToFixed } from "./runExperiment.ts"
import type { Result } from "./runExperiment.ts"
import type { Candidate } from "./simulate.ts"

const formatRow = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const formatTable = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [
    formatRow(head),
    formatRow(head.map((_, index) => (index === 0 ? "---" : "--:"))),
    ...rows.map(formatRow)
  ].join("\n")

const formatNumber = (value: number): string => value.toFixed(value < 10 ? 1 : 0)
const formatRatio = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(2))
const formatPoint = ({ requests, meanLag, p95Lag }: Point): ReadonlyArray<string> =>
  [requests, meanLag, p95Lag].map(formatNumber)

const findPoint = ({ points }: Result, { name }: Candidate): Point => {
  const point = points.find((point) => point.name === name)
  if (point === undefined) throw new Error(`The results have no policy "${name}".`)
  return point
}

const clientsTable = (result: Result): string =>
  formatTable(
    ["policy", "requests", "mean lag, s", "p95 lag, s"],
    result.points.map((point) => [point.name, ...formatPoint(point)])
  )

const defaultsTable = (results: ReadonlyArray<Result>): string =>
  formatTable(
    [
      "durations",
      "`growing`: requests",
      "mean lag, s",
      "p95 lag, s",
      "`learned`: requests",
      "mean lag, s",
      "p95 lag, s",
      "requests relative to a fixed interval"
    ],
    results.map((result) => {
      const learned = findPoint(result, learnedDefault)
      return [
        result.title,
        ...formatPoint(findPoint(result, growingDefault)),
        ...formatPoint(learned),
        formatRatio(ratioToFixed(result, learned))
      ]
    })
  )

const tradeOffTable = (results: ReadonlyArray<Result>): string => {
  const scales = results[0]?.curves["learned"]?.map(({ scale }) => scale) ?? []
  const formatScale = (scale: number): string => `${Number((scale / 1000).toPrecision(2))} s`
  return formatTable(
    ["durations", ...scales.map(formatScale), "optimum at 0.5 s"],
    results.map((result) => {
      const optimum = result.curves["optimum"]?.find(({ scale }) => Math.round(scale) === 500)
      const points = [...(result.curves["learned"] ?? []), optimum]
      return [result.title, ...points.map((point) => formatRatio(ratioToFixed(result, point)))]
    })
  )
}

const learningTable = (result: Result): string =>
  formatTable(
    ["tasks that had ended before", "requests", "mean lag, s", "p95 lag, s"],
    result.learning.map((point, index) => {
      const next = result.learning[index + 1]?.from
      const range = next === undefined ? `${point.from} or more` : `${point.from} to ${next - 1}`
      return [range, ...formatPoint(point)]
    })
  )

/** Formats the results as Markdown tables, by name. */
export const formatTables = (results: ReadonlyArray<Result>): Readonly<Record<string, string>> => {
  const typical = results.find(({ name }) => name === "lognormal-0.3")
  if (typical === undefined) throw new Error('The results have no workload "lognormal-0.3".')
  return {
    clients: clientsTable(typical),
    defaults: defaultsTable(results),
    "trade-off": tradeOffTable(results),
    learning: learningTable(typical)
  }
}
