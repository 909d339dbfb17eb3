import * as vega from "vega"
import { compile } from "vega-lite"
import type { TopLevelSpec } from "vega-lite"
import type { Result } from "./runExperiment.ts"

/** The workloads in the chart, by name. */
const chartedWorkloads = ["lognormal-0.1", "lognormal-0.3", "lognormal-1", "bimodal", "step", "even-0.3"]

const colors = { fixed: "#888888", growing: "#d98c2b", learned: "#1f6fb4", optimum: "#5aa469" }

interface Datum {
  readonly workload: string
  readonly policy: string
  readonly lag: number
  readonly requests: number
}

const curveData = (results: ReadonlyArray<Result>): ReadonlyArray<Datum> =>
  results.flatMap(({ title, curves }) =>
    Object.entries(curves).flatMap(([policy, points]) =>
      points.map(({ meanLag, requests }) => ({ workload: title, policy, lag: meanLag, requests }))
    )
  )

const pointData = (results: ReadonlyArray<Result>): ReadonlyArray<Datum> =>
  results.flatMap(({ title, points }) =>
    points.map(({ name, meanLag, requests }) => ({
      workload: title,
      policy: /gentask `(\w+)`/.exec(name)?.[1] ?? "other clients",
      lag: meanLag,
      requests
    }))
  )

const logAxis = (field: string, title: string, domain: [number, number]) => ({
  field,
  title,
  type: "quantitative" as const,
  scale: { type: "log" as const, domain, clamp: true }
})

const makeSpec = (results: ReadonlyArray<Result>): TopLevelSpec => {
  const policies = [...Object.keys(colors), "other clients"]
  const x = logAxis("lag", "mean lag, seconds", [0.2, 20])
  const y = logAxis("requests", "requests per task", [2, 200])
  const color = {
    field: "policy",
    type: "nominal",
    title: null,
    scale: { domain: policies, range: [...Object.values(colors), "#222222"] },
    legend: { orient: "bottom" }
  } as const
  const inDomain = { filter: "datum.lag >= 0.2 && datum.lag <= 20 && datum.requests <= 200" }
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    data: {
      values: [
        ...curveData(results).map((datum) => ({ ...datum, kind: "line" })),
        ...pointData(results).map((datum) => ({ ...datum, kind: "dot" }))
      ]
    },
    facet: {
      field: "workload",
      type: "nominal",
      title: null,
      sort: results.map(({ title }) => title),
      header: { labelExpr: "split(datum.label, ', ')" }
    },
    columns: 3,
    spec: {
      width: 240,
      height: 200,
      layer: [
        {
          transform: [inDomain, { filter: "datum.kind === 'line'" }],
          mark: { type: "line", strokeWidth: 2 },
          encoding: { x, y, color, order: { field: "lag" } }
        },
        {
          transform: [inDomain, { filter: "datum.kind === 'dot'" }],
          mark: { type: "point", filled: true, size: 45, opacity: 1 },
          encoding: { x, y, color }
        }
      ]
    }
  }
}

/** Draws the trade-offs of some workloads as SVG. */
export const drawChart = (results: ReadonlyArray<Result>): Promise<string> => {
  const charted = chartedWorkloads.flatMap((name) => results.find((result) => result.name === name) ?? [])
  return new vega.View(vega.parse(compile(makeSpec(charted)).spec), { renderer: "none" }).toSVG()
}
