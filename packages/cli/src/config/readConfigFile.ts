import { readFile } from "node:fs/promises"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"
import { configFileSchema, spend, target } from "./configFileSchema.ts"
import type { ConfigFile } from "./configFileSchema.ts"

/** Matches a user and a password in a URL, which the message of an import error may quote. */
const credentials = /[^\s"'`]+:[^\s"'`/]+@/g

const invalid = (path: string, problem: string): UsageError =>
  new UsageError({ message: `The configuration file ${path} ${problem.replace(credentials, "…@")}` })

const parseJson = (text: string): unknown => {
  try {
    // Some editors write a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ""))
  } catch (error) {
    // The parser quotes the text, which may contain a key.
    const place = /line \d+ column \d+/.exec(errorMessage(error))
    throw new Error(`invalid JSON${place === null ? "" : ` at ${place[0]}`}`, { cause: error })
  }
}

const load = async (path: string): Promise<unknown> => {
  if (path.endsWith(".json")) return parseJson(await readFile(path, "utf8"))
  const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
  return module.default
}

interface Issue {
  readonly code?: string | undefined
  readonly path: ReadonlyArray<PropertyKey>
  readonly message: string
  readonly keys?: ReadonlyArray<string>
  /** The issues of an invalid key of a record. */
  readonly issues?: ReadonlyArray<{ readonly message: string }>
}

const allowedKeys = Object.keys(configFileSchema.shape).filter((key) => key !== "$schema")

const describeIssue = (issue: Issue): string => {
  const path = issue.path.map(String).join(".")
  const place = path === "" ? "" : ` at ${path}`
  if (issue.code !== "unrecognized_keys")
    return `is invalid${place}: ${issue.issues?.[0]?.message ?? issue.message}.`
  const keys = (issue.keys ?? []).map((key) => JSON.stringify(key)).join(", ")
  const nested: Readonly<Record<string, object>> = { spend: spend.shape, targets: target.shape }
  const allowed = Object.keys(nested[String(issue.path[0])] ?? {})
  return `is invalid${place}: unknown key ${keys}. Allowed keys: ${(allowed.length === 0 ? allowedKeys : allowed).join(", ")}.`
}

/** Returns the dotted path of the first account with a literal API key. */
const findApiKey = ({ providers }: ConfigFile): string | undefined => {
  for (const [id, provider] of Object.entries(providers ?? {})) {
    if (provider.apiKey !== undefined) return `providers.${id}.apiKey`
    for (const [name, account] of Object.entries(provider.accounts ?? {})) {
      if (account.apiKey !== undefined) return `providers.${id}.accounts.${name}.apiKey`
    }
  }
  return undefined
}

/** Reads and validates an existing configuration file. Only the user's own file may contain API keys. */
export const readConfigFile = Effect.fnUntraced(function* (
  path: string,
  options: { readonly allowsApiKeys: boolean }
): Effect.fn.Return<ConfigFile, UsageError> {
  const content = yield* Effect.tryPromise({
    try: () => load(path),
    catch: (error) => invalid(path, `cannot be read: ${errorMessage(error)}. Fix it, or remove it.`)
  })
  if (content === undefined)
    return yield* invalid(path, "has no default export. Add one: export default { providers: { … } }.")
  const parsed = configFileSchema.safeParse(content)
  if (!parsed.success) return yield* invalid(path, describeIssue(parsed.error.issues[0] as Issue))
  const keyPath = options.allowsApiKeys ? undefined : findApiKey(parsed.data)
  if (keyPath !== undefined) {
    return yield* invalid(
      path,
      `contains an API key at ${keyPath}, but the files of a project are shared. Name the variable that contains the key instead, such as apiKeyVariable: "MY_KEY".`
    )
  }
  return parsed.data
})
