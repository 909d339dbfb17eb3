/** What is configured: the environment, over the project's file, over the user's own. */
import { existsSync } from "node:fs"
import type { Variables } from "@gentask/core"
import { variableName } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import { findProjectFile, userFile } from "./config/find.ts"
import { absentProviders, catalogOf } from "./config/providerIds.ts"
import type { ReadFile } from "./config/providerIds.ts"
import type { AccountFile, ConfigurationFile } from "./config/shape.ts"
import { Catalog } from "./discovery/Catalog.ts"
import type { FoundProvider } from "./discovery/FoundProvider.ts"
import type { UsageError } from "./UsageError.ts"

/** What files and environment say, laid over each other. */
interface Layered {
  /** As if all of it were in the environment. */
  readonly variables: Variables
  /** The providers' own settings, by provider and account: `jimeng@deepwl`. */
  readonly settings: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  /** Where the key of an account is looked for, if not in the usual variable. */
  readonly keyVariables: ReadonlyMap<string, string>
  readonly timeout: string | undefined
  readonly interval: string | undefined
  readonly out: string | undefined
  /** Whether how long tasks took is remembered from run to run. */
  readonly history: boolean
}

/** Everything configured. */
export interface Configuration extends Layered {
  /** The providers that there are. */
  readonly catalog: Catalog
  /** The providers that the user's own file holds accounts of, and that are not here. */
  readonly absent: ReadonlyArray<FoundProvider>
}

/** The name of an account in maps: `jimmy@jimmy` for the default one. */
export const accountKey = (provider: string, account: string): string => `${provider}@${account}`

const isSet = (value: string | undefined): value is string => value !== undefined && value.trim() !== ""

/** Lays stronger variables over weaker ones. A stronger endpoint makes a weaker base URL void: both say where. */
const overlay = (weaker: Variables, stronger: Variables): Variables => {
  const set = Object.entries(stronger).filter(([, value]) => isSet(value))
  const merged: Record<string, string | undefined> = { ...weaker }
  for (const [name] of set) {
    if (name.endsWith("_ENDPOINT")) delete merged[name.replace(/_ENDPOINT$/, "_BASE_URL")]
  }
  return { ...merged, ...Object.fromEntries(set) }
}

interface NamedAccount {
  readonly provider: string
  readonly name: string
  readonly account: AccountFile
}

const accountsIn = (file: ConfigurationFile): ReadonlyArray<NamedAccount> =>
  Object.entries(file.providers ?? {}).flatMap(([provider, { accounts = {}, ...own }]) => [
    { provider, name: provider, account: own },
    ...Object.entries(accounts).map(([name, account]) => ({ provider, name, account }))
  ])

const variablesOf = ({ provider, name, account }: NamedAccount, environment: Variables): Variables => ({
  [variableName(provider, name, "ENDPOINT")]: account.endpoint,
  [variableName(provider, name, "BASE_URL")]: account.baseUrl,
  [variableName(provider, name, "USER_AGENT")]: account.userAgent,
  [variableName(provider, name, "API_KEY")]:
    account.apiKeyVariable === undefined ? account.apiKey : environment[account.apiKeyVariable]
})

const settingsOf = ({ account }: NamedAccount): Readonly<Record<string, unknown>> => {
  const {
    endpoint: _,
    baseUrl: __,
    userAgent: ___,
    apiKeyVariable: ____,
    apiKey: _____,
    ...settings
  } = account
  return settings
}

/** Lays files over each other, the weakest first, and the environment over all. */
const layered = (files: ReadonlyArray<ConfigurationFile>, environment: Variables): Layered => {
  let variables: Variables = {}
  const settings = new Map<string, Readonly<Record<string, unknown>>>()
  const keyVariables = new Map<string, string>()
  for (const named of files.flatMap(accountsIn)) {
    const key = accountKey(named.provider, named.name)
    variables = overlay(variables, variablesOf(named, environment))
    settings.set(key, { ...settings.get(key), ...settingsOf(named) })
    if (named.account.apiKeyVariable !== undefined) keyVariables.set(key, named.account.apiKeyVariable)
  }
  const last = (name: "timeout" | "interval" | "out"): string | undefined =>
    files.findLast((file) => file[name] !== undefined)?.[name]
  return {
    variables: overlay(variables, environment),
    settings,
    keyVariables,
    timeout: last("timeout"),
    interval: last("interval"),
    out: last("out"),
    history:
      !isSet(environment["GENTASK_NO_HISTORY"]) &&
      files.findLast((file) => file.history !== undefined)?.history !== false
  }
}

const readFiles = (folder: string): Effect.Effect<ReadonlyArray<ReadFile>, UsageError> =>
  Effect.gen(function* () {
    const own = yield* userFile
    const project = yield* findProjectFile(folder)
    const files = [
      ...(own !== undefined && existsSync(own) ? [{ path: own, isOwn: true }] : []),
      ...(project === undefined ? [] : [{ path: project, isOwn: false }])
    ]
    if (files.length === 0) return []
    const { readConfigurationFile } = yield* Effect.promise(() => import("./config/read.ts"))
    return yield* Effect.forEach(files, ({ path, isOwn }) =>
      Effect.map(readConfigurationFile(path, { mayHoldKeys: isOwn }), (content) => ({ path, isOwn, content }))
    )
  })

/** Reads what is configured. With GENTASK_NO_CONFIG=1 no file and no other provider than the bundled ones is looked for. */
export const loadConfiguration = (
  environment: Variables,
  folder: string
): Effect.Effect<Configuration, UsageError> =>
  Effect.gen(function* () {
    if (isSet(environment["GENTASK_NO_CONFIG"])) {
      return { ...layered([], environment), catalog: new Catalog(undefined), absent: [] }
    }
    const files = yield* readFiles(folder)
    const catalog = catalogOf(files, folder)
    const absent = yield* absentProviders(files, catalog)
    const contents = files.map(({ content }) => content)
    return { ...layered(contents, environment), catalog, absent }
  })
