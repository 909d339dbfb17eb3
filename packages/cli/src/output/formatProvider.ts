/** A provider as people read it: a heading, and below it its accounts, what it makes and how its refs look. */
import { relative } from "node:path"
import { shellQuote } from "../commandLine.ts"
import type { Source } from "../discovery/FoundProvider.ts"
import type { Paint } from "./paint.ts"
import { oneLine } from "./sanitise.ts"
import { formatTable } from "./table.ts"

/** What there is to say of an account; the names are those of `--json`. */
export interface AccountDescription {
  readonly account: string
  readonly endpoint: string | null
  readonly baseUrl: string | null
  readonly key: { readonly variable: string; readonly found: boolean }
  readonly docs: string
  readonly problem: string | null
}

/** What there is to say of a provider, whatever its accounts; the names are those of `--json`. */
export interface ProviderDescription {
  readonly provider: string | null
  readonly title: string | null
  readonly version: string | null
  readonly source: Source
  /** Base URLs by name. */
  readonly endpoints: Readonly<Record<string, string>>
  readonly makes: ReadonlyArray<string>
  readonly hints: ReadonlyArray<string>
  readonly examples: ReadonlyArray<string>
}

/** A provider with its accounts, or with the problem that keeps it from having any. */
export interface DescribedProvider {
  readonly provider: ProviderDescription
  readonly accounts: ReadonlyArray<AccountDescription>
  readonly problem: string | undefined
}

const labelWidth = 9

/** Rows with a label beside the first of them. */
const section = (
  label: string,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  paint: Paint
): ReadonlyArray<string> =>
  formatTable(rows).map(
    (row, index) => `  ${paint("dim", (index === 0 ? label : "").padEnd(labelWidth))}  ${row}`
  )

/** A path from here, where that is shorter to read. */
const shown = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short.startsWith("..") ? path : short
}

const origin = ({ kind, package: name, path }: Source): string => {
  if (kind === "bundled") return kind
  const which = name ?? (kind === "configuration" && path !== null ? shown(path) : null)
  return which === null ? kind : `${kind}: ${which}`
}

const heading = ({ provider, title, version, source }: ProviderDescription, paint: Paint): string => {
  const name = provider ?? source.package ?? shown(source.path ?? "")
  const from = [version, origin(source)].filter((word) => word !== null).join(", ")
  return [paint("bold", oneLine(name)), title === null ? "" : oneLine(title), paint("dim", oneLine(from))]
    .filter((part) => part !== "")
    .join("  ")
}

const accountRow = (
  { account, endpoint, baseUrl, key }: AccountDescription,
  { endpoints }: ProviderDescription,
  paint: Paint
): ReadonlyArray<string> => [
  oneLine(account),
  endpoint !== null && endpoints[endpoint] === baseUrl ? `at ${oneLine(endpoint)}` : oneLine(baseUrl ?? "?"),
  paint(key.found ? "green" : "yellow", `${key.variable} ${key.found ? "found" : "missing"}`)
]

/** The lines of one provider. */
export const providerLines = (
  { provider, accounts, problem }: DescribedProvider,
  paint: Paint
): ReadonlyArray<string> => {
  const { makes, examples, endpoints } = provider
  const problems = [problem ?? null, ...accounts.map((account) => account.problem)]
  const docs = [...new Set(accounts.map((account) => account.docs))]
  const alone = (texts: ReadonlyArray<string>) => texts.map((text) => [oneLine(text)])
  return [
    heading(provider, paint),
    ...section(
      "accounts",
      accounts.map((account) => accountRow(account, provider, paint)),
      paint
    ),
    ...section(
      "problem",
      alone(problems.filter((each) => each !== null)).map(([text = ""]) => [paint("red", text)]),
      paint
    ),
    ...section(
      "endpoints",
      Object.entries(endpoints).map((pair) => pair.map(oneLine)),
      paint
    ),
    ...section("makes", makes.length === 0 ? [] : alone([makes.join(", ")]), paint),
    ...section("refs", alone(examples.map(shellQuote)), paint),
    ...section("docs", alone(docs), paint)
  ]
}
