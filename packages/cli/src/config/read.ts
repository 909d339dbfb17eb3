/** Reads one configuration file and checks what it says. */
import { readFile } from "node:fs/promises"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import { oneLine } from "../output/sanitise.ts"
import { UsageError } from "../UsageError.ts"
import { configurationFile } from "./shape.ts"
import type { ConfigurationFile } from "./shape.ts"

const wrong = (path: string, why: string): UsageError =>
  new UsageError({ message: `The configuration file ${path} ${why}` })

const messageOf = (error: unknown): string => oneLine(error instanceof Error ? error.message : String(error))

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    // The parser quotes what it read, which may be a key.
    const place = /line \d+ column \d+/.exec(messageOf(error))
    throw new Error(`it is no valid JSON${place === null ? "" : `, at ${place[0]}`}`, { cause: error })
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
  /** What is wrong with a key, where the key is what is wrong. */
  readonly issues?: ReadonlyArray<{ readonly message: string }>
}

const explain = (issue: Issue): string => {
  const place = issue.path.map(String).join(".")
  const where = place === "" ? "" : ` at ${place}`
  if (issue.code !== "unrecognized_keys")
    return `is wrong${where}: ${issue.issues?.[0]?.message ?? issue.message}.`
  const keys = (issue.keys ?? []).map((key) => JSON.stringify(key)).join(", ")
  return `is wrong${where}: ${keys} means nothing here; it may hold plugins, providers, timeout, interval, out and history.`
}

/** The first account that holds a key itself, as a dotted path. */
const keyHolder = ({ providers }: ConfigurationFile): string | undefined => {
  for (const [id, provider] of Object.entries(providers ?? {})) {
    if (provider.apiKey !== undefined) return `providers.${id}.apiKey`
    for (const [name, account] of Object.entries(provider.accounts ?? {})) {
      if (account.apiKey !== undefined) return `providers.${id}.accounts.${name}.apiKey`
    }
  }
  return undefined
}

/** Reads a file that is there. Only the user's own file may hold a key. */
export const readConfigurationFile = (
  path: string,
  options: { readonly mayHoldKeys: boolean }
): Effect.Effect<ConfigurationFile, UsageError> =>
  Effect.gen(function* () {
    const content = yield* Effect.tryPromise({
      try: () => load(path),
      catch: (error) => wrong(path, `cannot be read: ${messageOf(error)}. Mend it, or remove it.`)
    })
    if (content === undefined)
      return yield* wrong(path, "has no default export. Write: export default { providers: { … } }")
    const checked = configurationFile.safeParse(content)
    if (!checked.success) return yield* wrong(path, explain(checked.error.issues[0] as Issue))
    const holder = options.mayHoldKeys ? undefined : keyHolder(checked.data)
    if (holder !== undefined) {
      return yield* wrong(
        path,
        `holds a key at ${holder}, and a project's files are shared. Name the variable that holds it instead: apiKeyVariable: "MY_KEY".`
      )
    }
    return checked.data
  })
