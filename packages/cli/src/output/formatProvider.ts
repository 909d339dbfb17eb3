import { relative } from "node:path"
import type { ProviderSource } from "../discovery/DiscoveredProvider.ts"
import { formatTable } from "./formatTable.ts"
import type { Paint } from "./paint.ts"
import { oneLine } from "./sanitize.ts"
import { shellQuote } from "./shellCommand.ts"

/** The `--json` members of an account. */
export interface AccountDescription {
  readonly account: string
  readonly endpoint: string | null
  readonly baseUrl: string | null
  /** Null if the provider has no API keys. */
  readonly key: { readonly variable: string; readonly found: boolean; readonly optional?: true } | null
  readonly docs: string
  readonly problem: string | null
}

/** The `--json` members of a provider. */
export interface ProviderDescription {
  readonly provider: string | null
  readonly title: string | null
  readonly version: string | null
  readonly source: ProviderSource
  /** Base URLs by endpoint. */
  readonly endpoints: Readonly<Record<string, string>>
  readonly makes: ReadonlyArray<string>
  readonly hints: ReadonlyArray<string>
  readonly examples: ReadonlyArray<string>
}

/** A provider with its accounts, or with the reason why it has none. */
export interface ListedProvider {
  readonly provider: ProviderDescription
  readonly accounts: ReadonlyArray<AccountDescription>
  readonly problem: string | undefined
}

const labelWidth = 9

/** Formats a table with a label next to its first row. */
const formatSection = (
  label: string,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  paint: Paint
): ReadonlyArray<string> =>
  formatTable(rows).map(
    (row, index) => `  ${paint("dim", (index === 0 ? label : "").padEnd(labelWidth))}  ${row}`
  )

/** Returns a path relative to the working folder, if it is inside of it. */
const shortenPath = (path: string): string => {
  const relativePath = relative(process.cwd(), path)
  return relativePath.startsWith("..") ? path : relativePath
}

const formatSource = ({ kind, package: name, path }: ProviderSource): string => {
  if (kind === "bundled") return kind
  const origin = name ?? (kind === "configuration" && path !== null ? shortenPath(path) : null)
  return origin === null ? kind : `${kind}: ${origin}`
}

const formatHeading = ({ provider, title, version, source }: ProviderDescription, paint: Paint): string => {
  const name = provider ?? source.package ?? shortenPath(source.path ?? "")
  const details = [version, formatSource(source)].filter((part) => part !== null).join(", ")
  return [paint("bold", oneLine(name)), title === null ? "" : oneLine(title), paint("dim", oneLine(details))]
    .filter((part) => part !== "")
    .join("  ")
}

const keyCell = (key: AccountDescription["key"], paint: Paint): string => {
  if (key === null) return paint("green", "needs no API key")
  if (key.found) return paint("green", `${key.variable} found`)
  return key.optional === true
    ? paint("green", `${key.variable} optional`)
    : paint("yellow", `${key.variable} missing`)
}

const accountCells = (
  { account, endpoint, baseUrl, key }: AccountDescription,
  { endpoints }: ProviderDescription,
  paint: Paint
): ReadonlyArray<string> => [
  oneLine(account),
  endpoint !== null && endpoints[endpoint] === baseUrl ? `at ${oneLine(endpoint)}` : oneLine(baseUrl ?? "?"),
  keyCell(key, paint)
]

/** Formats a provider with its accounts. */
export const formatProvider = (
  { provider, accounts, problem }: ListedProvider,
  paint: Paint
): ReadonlyArray<string> => {
  const { makes, examples, endpoints } = provider
  const problems = [problem ?? null, ...accounts.map((account) => account.problem)].filter(
    (text) => text !== null
  )
  const docs = [...new Set(accounts.map((account) => account.docs))]
  const column = (texts: ReadonlyArray<string>) => texts.map((text) => [oneLine(text)])
  const section = (label: string, rows: ReadonlyArray<ReadonlyArray<string>>) =>
    formatSection(label, rows, paint)
  return [
    formatHeading(provider, paint),
    ...section(
      "accounts",
      accounts.map((account) => accountCells(account, provider, paint))
    ),
    ...section(
      "problem",
      problems.map((text) => [paint("red", oneLine(text))])
    ),
    ...section(
      "endpoints",
      Object.entries(endpoints).map((pair) => pair.map((text) => oneLine(text)))
    ),
    ...section("makes", makes.length === 0 ? [] : column([makes.join(", ")])),
    ...section("refs", column(examples.map(shellQuote))),
    ...section("docs", column(docs))
  ]
}
