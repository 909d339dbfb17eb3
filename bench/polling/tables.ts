/** The results as tables in Markdown. */
import { partOfFixed } from "./experiment.ts"
import type { Result } from "./experiment.ts"
import type { Point } from "./Curve.ts"

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(head), row(head.map((_, index) => (index === 0 ? "---" : "--:"))), ...rows.map(row)].join("\n")

const format = (value: number): string => value.toFixed(value < 10 ? 1 : 0)
const part = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(2))
const cells = ({ requests, meanLag, p95Lag }: Point): ReadonlyArray<string> =>
  [requests, meanLag, p95Lag].map(format)

const named = ({ points }: Result, name: string): Point & { readonly name: string } => {
  const point = points.find((each) => each.name === name)
  if (point === undefined) throw new Error(`There is no policy ${name}.`)
  return point
}

const peersTable = (result: Result): string =>
  table(
    ["policy", "requests", "mean lag, s", "p95 lag, s"],
    result.points.map((point) => [point.name, ...cells(point)])
  )

const defaultsTable = (results: ReadonlyArray<Result>): string =>
  table(
    [
      "tasks",
      "`growing`: requests",
      "mean lag, s",
      "p95, s",
      "`learned`: requests",
      "mean lag, s",
      "p95, s",
      "of fixed"
    ],
    results.map((result) => {
      const learned = named(result, "gentask `learned`")
      return [
        result.title,
        ...cells(named(result, "gentask `growing`")),
        ...cells(learned),
        part(partOfFixed(result, learned))
      ]
    })
  )

const tradeOffTable = (results: ReadonlyArray<Result>): string => {
  const scales = results[0]?.curves["learned"]?.map(({ scale }) => scale) ?? []
  return table(
    [
      "tasks",
      ...scales.map((scale) => `${Number((scale / 1000).toPrecision(2))} s`),
      "best possible at 0.5 s"
    ],
    results.map((result) => [
      result.title,
      ...(result.curves["learned"] ?? []).map((point) => part(partOfFixed(result, point))),
      part(
        partOfFixed(
          result,
          result.curves["optimum"]?.find(({ scale }) => Math.round(scale) === 500)
        )
      )
    ])
  )
}

const learningTable = (result: Result): string =>
  table(
    ["tasks that had ended before", "requests", "mean lag, s", "p95 lag, s"],
    result.learning.map((point, index) => {
      const next = result.learning[index + 1]?.from
      return [next === undefined ? `${point.from} and more` : `${point.from} to ${next - 1}`, ...cells(point)]
    })
  )

/** Renders the tables, by name. */
export const tablesOf = (results: ReadonlyArray<Result>): Readonly<Record<string, string>> => {
  const typical = results.find(({ name }) => name === "lognormal-0.3")
  if (typical === undefined) throw new Error("There is no workload lognormal-0.3.")
  return {
    peers: peersTable(typical),
    defaults: defaultsTable(results),
    "trade-off": tradeOffTable(results),
    learning: learningTable(typical)
  }
}
