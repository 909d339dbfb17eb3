/**
 * Simulates all policies on all workloads: `pnpm bench:polling [tasks]`. Prints the tables, inserts them into
 * docs/polling.md, and writes docs/polling.json and docs/polling.svg. Each run has the same results.
 */
import { readFile, writeFile } from "node:fs/promises"
import { drawChart } from "./drawChart.ts"
import { formatTables } from "./formatTables.ts"
import type { Point } from "./Point.ts"
import { runExperiment } from "./runExperiment.ts"
import type { Result } from "./runExperiment.ts"
import { workloads } from "./workloads.ts"

const docsFile = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url)

/** Inserts each table after the comment with its name. Tables without a comment are left out. */
const insertTables = (text: string, tables: Readonly<Record<string, string>>): string =>
  Object.entries(tables).reduce(
    (page, [name, table]) =>
      page.replace(
        new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end -->)`),
        (_, begin: string, end: string) => `${begin}\n${table}\n${end}`
      ),
    text
  )

const size = { seeds: [1, 2, 3, 4, 5, 6, 7, 8], tasks: Number(process.argv[2] ?? 300) }

const round = (value: number): number => Number(value.toPrecision(4))

const toJson = (results: ReadonlyArray<Result>) => ({
  ...size,
  point: ["scale", "requests per task", "mean lag in seconds", "95th percentile of the lag in seconds"],
  results: results.map(({ name, title, curves, points, learning }) => {
    const pointToJson = (point: Point): ReadonlyArray<number> =>
      [point.scale, point.requests, point.meanLag, point.p95Lag].map(round)
    return {
      name,
      title,
      curves: Object.fromEntries(
        Object.entries(curves).map(([family, curve]) => [family, curve.map(pointToJson)])
      ),
      points: Object.fromEntries(points.map((point) => [point.name, pointToJson(point)])),
      learning: Object.fromEntries(learning.map((point) => [point.from, pointToJson(point)]))
    }
  })
})

const results: Array<Result> = []
for (const workload of workloads) {
  console.error(workload.title)
  results.push(runExperiment(workload, size))
}
const tables = formatTables(results)
for (const table of Object.values(tables)) console.log(`${table}\n`)
await writeFile(docsFile("polling.json"), `${JSON.stringify(toJson(results))}\n`)
await writeFile(docsFile("polling.svg"), await drawChart(results))
await writeFile(docsFile("polling.md"), insertTables(await readFile(docsFile("polling.md"), "utf8"), tables))
