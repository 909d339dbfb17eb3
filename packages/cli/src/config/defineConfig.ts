/** The options of an account. All other keys are settings of its provider. */
export interface AccountConfig {
  /** One of the provider's endpoints by name. */
  readonly endpoint?: string
  /** The base URL of another host with the same format. */
  readonly baseUrl?: string
  /** The `User-Agent` header, for hosts that reject unknown clients. */
  readonly userAgent?: string
  /** The environment variable that contains the API key. */
  readonly apiKeyVariable?: string
  /** Not allowed: the files of a project are shared. Use `apiKeyVariable`. */
  readonly apiKey?: never
  /** A setting of the provider, which validates it. */
  readonly [setting: string]: unknown
}

/** The options of a provider's default account, and its other accounts. */
export interface ProviderConfig extends AccountConfig {
  /** More accounts by name. */
  readonly accounts?: Readonly<Record<string, AccountConfig>>
}

/** The content of a project's configuration file. */
export interface GentaskConfig {
  /** The JSON Schema of a `gentask.config.json`, for editors. */
  readonly $schema?: string
  /** More providers by id: a path relative to this file, or the name of a package. */
  readonly plugins?: Readonly<Record<string, string>>
  /** Accounts by provider. */
  readonly providers?: Readonly<Record<string, ProviderConfig>>
  /** The default of `wait --timeout`: `"10m"`, `"1h30m"`, or a number of seconds as text. */
  readonly timeout?: string
  /** The default of `--interval`: `"500ms"`, `"5s"`, or a number of seconds as text. */
  readonly interval?: string
  /** The default of `save --out`. */
  readonly out?: string
  /** Whether `wait` and `watch` remember how long tasks took. @default true */
  readonly history?: boolean
}

/**
 * Returns a configuration unchanged. Editors complete and check its keys.
 *
 * ```ts
 * // gentask.config.ts
 * import { defineConfig } from "@gentask/cli"
 *
 * export default defineConfig({ timeout: "30m", out: "out" })
 * ```
 */
export const defineConfig = (config: GentaskConfig): GentaskConfig => config
