import { existsSync } from "node:fs"
import { variableName } from "@gentask/core/internal"
import type { Variables } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import type { DiscoveredProvider } from "../discovery/DiscoveredProvider.ts"
import { ProviderCatalog } from "../discovery/ProviderCatalog.ts"
import type { UsageError } from "../UsageError.ts"
import type { ConfigFile, ConfigFileAccount, ConfigFileTarget } from "./configFileSchema.ts"
import { createCatalog, findMissingProviders } from "./configuredProviders.ts"
import type { LoadedConfigFile } from "./configuredProviders.ts"
import { findProjectFile, userFile } from "./findConfigFiles.ts"

/** The merged options of the environment and the configuration files. */
interface MergedOptions {
  /** The environment variables, and the options of the files as variables. */
  readonly variables: Variables
  /** The providers' own settings, by provider and account: `jimeng@deepwl`. */
  readonly settings: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  /** The variables that contain API keys, for accounts that do not use the default one. */
  readonly keyVariables: ReadonlyMap<string, string>
  readonly timeout: string | undefined
  readonly interval: string | undefined
  readonly out: string | undefined
  /** The targets of `--to` by name. */
  readonly targets: ReadonlyMap<string, ConfigFileTarget>
  /** Whether to record tasks that were not submitted by the command. */
  readonly history: boolean
  readonly spend: SpendLimits
}

/** When a submit needs a confirmation. */
export interface SpendLimits {
  /** How many submits of 24 hours need none. Undefined if there is no limit. */
  readonly maxSubmitsPerDay: number | undefined
  /** Whether every submit needs one. */
  readonly confirm: boolean
}

/** The configuration of a command. */
export interface Configuration extends MergedOptions {
  readonly catalog: ProviderCatalog
  /** The providers of the user's own file that are not available in this project. */
  readonly missing: ReadonlyArray<DiscoveredProvider>
}

interface NamedAccount {
  readonly provider: string
  readonly name: string
  readonly account: ConfigFileAccount
}

/** The key of an account in maps. It is `jimmy@jimmy` for the default account. */
export const accountKey = (provider: string, account: string): string => `${provider}@${account}`

const isSet = (value: string | undefined): value is string => value !== undefined && value.trim() !== ""

/** Merges variables. An endpoint also overrides a base URL of lower precedence, since both are the host. */
const mergeVariables = (base: Variables, overrides: Variables): Variables => {
  const set = Object.entries(overrides).filter(([, value]) => isSet(value))
  const merged: Record<string, string | undefined> = { ...base }
  for (const [name] of set) {
    if (name.endsWith("_ENDPOINT")) delete merged[name.replace(/_ENDPOINT$/, "_BASE_URL")]
  }
  return { ...merged, ...Object.fromEntries(set) }
}

const namedAccounts = (file: ConfigFile): ReadonlyArray<NamedAccount> =>
  Object.entries(file.providers ?? {}).flatMap(([provider, { accounts = {}, ...defaultAccount }]) => [
    { provider, name: provider, account: defaultAccount },
    ...Object.entries(accounts).map(([name, account]) => ({ provider, name, account }))
  ])

const variablesOf = ({ provider, name, account }: NamedAccount, environment: Variables): Variables => ({
  [variableName(provider, name, "ENDPOINT")]: account.endpoint,
  [variableName(provider, name, "BASE_URL")]: account.baseUrl,
  [variableName(provider, name, "USER_AGENT")]: account.userAgent,
  [variableName(provider, name, "API_KEY")]:
    account.apiKeyVariable === undefined ? account.apiKey : environment[account.apiKeyVariable]
})

const accountOptions: ReadonlySet<string> = new Set([
  "endpoint",
  "baseUrl",
  "userAgent",
  "apiKeyVariable",
  "apiKey"
])

const settingsOf = ({ account }: NamedAccount): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(account).filter(([name]) => !accountOptions.has(name)))

/** The strictest of all files. A project must not relax what the user's own file demands. */
const mergeSpend = (files: ReadonlyArray<ConfigFile>): SpendLimits => {
  const limits = files.flatMap(({ spend }) => spend?.maxSubmitsPerDay ?? [])
  return {
    maxSubmitsPerDay: limits.length === 0 ? undefined : Math.min(...limits),
    confirm: files.some(({ spend }) => spend?.confirm === true)
  }
}

/** Merges the files, the last of which has precedence, and the environment, which has precedence over all files. */
const mergeOptions = (files: ReadonlyArray<ConfigFile>, environment: Variables): MergedOptions => {
  let variables: Variables = {}
  const settings = new Map<string, Readonly<Record<string, unknown>>>()
  const keyVariables = new Map<string, string>()
  for (const named of files.flatMap(namedAccounts)) {
    const key = accountKey(named.provider, named.name)
    variables = mergeVariables(variables, variablesOf(named, environment))
    settings.set(key, { ...settings.get(key), ...settingsOf(named) })
    if (named.account.apiKeyVariable !== undefined) keyVariables.set(key, named.account.apiKeyVariable)
  }
  const lastOf = <Key extends "timeout" | "interval" | "out" | "history">(key: Key): ConfigFile[Key] =>
    files.findLast((file) => file[key] !== undefined)?.[key]
  return {
    variables: mergeVariables(variables, environment),
    settings,
    keyVariables,
    timeout: lastOf("timeout"),
    interval: lastOf("interval"),
    out: lastOf("out"),
    targets: new Map(files.flatMap(({ targets }) => Object.entries(targets ?? {}))),
    spend: mergeSpend(files),
    history: !isSet(environment["GENTASK_NO_HISTORY"]) && lastOf("history") !== false
  }
}

const readConfigFiles = Effect.fnUntraced(function* (
  folder: string
): Effect.fn.Return<ReadonlyArray<LoadedConfigFile>, UsageError> {
  const userPath = yield* userFile
  const projectPath = yield* findProjectFile(folder)
  const files = [
    ...(userPath !== undefined && existsSync(userPath) ? [{ path: userPath, isUserFile: true }] : []),
    ...(projectPath === undefined ? [] : [{ path: projectPath, isUserFile: false }])
  ]
  if (files.length === 0) return []
  // The schema library is loaded only if there is a file to validate.
  const { readConfigFile } = yield* Effect.promise(() => import("./readConfigFile.ts"))
  return yield* Effect.forEach(files, ({ path, isUserFile }) =>
    Effect.map(readConfigFile(path, { allowsApiKeys: isUserFile }), (content) => ({
      path,
      isUserFile,
      content
    }))
  )
})

/**
 * Loads the configuration of a folder. With GENTASK_NO_CONFIG=1, reads no configuration files and uses only the bundled
 * providers.
 */
export const loadConfiguration = Effect.fnUntraced(function* (
  environment: Variables,
  folder: string
): Effect.fn.Return<Configuration, UsageError> {
  if (isSet(environment["GENTASK_NO_CONFIG"])) {
    return { ...mergeOptions([], environment), catalog: new ProviderCatalog(undefined), missing: [] }
  }
  const files = yield* readConfigFiles(folder)
  const catalog = createCatalog(files, folder)
  const missing = yield* findMissingProviders(files, catalog)
  const contents = files.map(({ content }) => content)
  return { ...mergeOptions(contents, environment), catalog, missing }
})
