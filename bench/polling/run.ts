/**
 * Simulates every workload with every policy and prints the tables. Writes the tables to docs/polling.md, the numbers to
 * docs/polling.json, and a chart to docs/polling.svg. The results are always the same. `pnpm bench:polling [tasks]`
 */
import { readFile, writeFile } from "node:fs/promises"
import type { Point } from "./Curve.ts"
import { drawChart } from "./chart.ts"
import { experiment } from "./experiment.ts"
import type { Result } from "./experiment.ts"
import { tablesOf } from "./tables.ts"
import { workloads } from "./Workload.ts"

const docs = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url)

/** Inserts each table between the comments with its name. */
const fillIn = (text: string, tables: Readonly<Record<string, string>>): string =>
  Object.entries(tables).reduce(
    (page, [name, table]) =>
      page.replace(
        new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end -->)`),
        (_, begin: string, end: string) => `${begin}\n${table}\n${end}`
      ),
    text
  )

const size = { seeds: [1, 2, 3, 4, 5, 6, 7, 8], tasks: Number(process.argv[2] ?? 300) }

const short = (value: number): number => Number(value.toPrecision(4))

/** Returns the numbers, each point as a list. */
const dataOf = (results: ReadonlyArray<Result>) => ({
  ...size,
  point: ["scale", "requests per task", "mean lag in seconds", "p95 of the lag in seconds"],
  results: results.map(({ name, title, curves, points, learning }) => {
    const listed = (point: Point): ReadonlyArray<number> =>
      [point.scale, point.requests, point.meanLag, point.p95Lag].map(short)
    return {
      name,
      title,
      curves: Object.fromEntries(
        Object.entries(curves).map(([family, curve]) => [family, curve.map(listed)])
      ),
      points: Object.fromEntries(points.map((point) => [point.name, listed(point)])),
      learning: Object.fromEntries(learning.map((point) => [point.from, listed(point)]))
    }
  })
})

const results: Array<Result> = []
for (const workload of workloads) {
  console.error(workload.title)
  results.push(experiment(workload, size))
}
const tables = tablesOf(results)
for (const table of Object.values(tables)) console.log(`${table}\n`)
await writeFile(docs("polling.json"), `${JSON.stringify(dataOf(results))}\n`)
await writeFile(docs("polling.svg"), await drawChart(results))
await writeFile(docs("polling.md"), fillIn(await readFile(docs("polling.md"), "utf8"), tables))
