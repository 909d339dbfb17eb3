/**
 * Collects the documented examples of `createTask` into `test/documents/kie.json`: the names, types and values of fields.
 * kie.ai's documents have no license, so the texts of prompts and the links are replaced.
 *
 * Usage: `node scripts/collectExamples.ts CATALOG`. CATALOG is `src/data/openapi_endpoint_catalog.json` of
 * https://github.com/alfman99/kie-ai-mcp (MIT), which is parsed from https://docs.kie.ai.
 */
import { readFileSync, writeFileSync } from "node:fs"

interface Content {
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>> | null
}

interface Catalog {
  readonly generated_at: string
  readonly endpoints: ReadonlyArray<{
    readonly path: string
    readonly source_url: string
    readonly request: Readonly<Record<string, Content>>
  }>
}

/** Some examples are JSON as text. One of them is not valid. */
const parse = (example: unknown): unknown => {
  if (typeof example !== "string") return example
  try {
    return JSON.parse(example) as unknown
  } catch {
    return undefined
  }
}

const replaceTexts = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(replaceTexts)
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaceTexts(member)]))
  if (typeof value !== "string") return value
  if (/^https?:/.test(value)) return `https://files.example.com/1${/\.\w{3,4}$/.exec(value)?.[0] ?? ""}`
  return (value.length > 40 && !/^[\w./-]+$/.test(value)) || /\s\S+\s/.test(value)
    ? "A fox in the snow"
    : value
}

const examplesOf = ({ example, examples }: Content = {}): ReadonlyArray<unknown> =>
  example == null ? Object.values(examples ?? {}).map(({ value }) => value) : [example]

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error("Usage: node scripts/collectExamples.ts CATALOG")
const { generated_at: date, endpoints } = JSON.parse(readFileSync(path, "utf8")) as Catalog
const lines = endpoints
  .filter((endpoint) => endpoint.path === "/api/v1/jobs/createTask")
  .flatMap(({ source_url, request }) =>
    examplesOf(request["application/json"]).flatMap((example) => {
      const body = parse(example)
      return body === undefined
        ? []
        : [JSON.stringify({ docs: source_url.replace(/\.md$/, ""), body: replaceTexts(body) })]
    })
  )
writeFileSync(
  new URL("../test/documents/kie.json", import.meta.url),
  `{
  "source": "https://docs.kie.ai, parsed by https://github.com/alfman99/kie-ai-mcp",
  "license": "MIT, Copyright (c) 2026 Alfredo Manresa Martinez",
  "date": ${JSON.stringify(date.slice(0, 10))},
  "examples": [
    ${lines.join(",\n    ")}
  ]
}
`
)
