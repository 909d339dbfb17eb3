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

/** When a submit needs a confirmation: a question on a terminal, or the flag `--yes`. */
export interface SpendConfig {
  /** How many submits of 24 hours need no confirmation. A project can only lower the user's own limit. */
  readonly maxSubmitsPerDay?: number
  /** Whether every submit needs a confirmation. A project can only set it to true. @default false */
  readonly confirm?: boolean
}

/** A place to save to. Its keys are variables of the environment. */
export interface TargetConfig {
  /** The bucket and the prefix of the keys: `s3://bucket/prefix`. */
  readonly url: string
  /** The URL of the server. @default AWS_ENDPOINT_URL, or else AWS */
  readonly endpoint?: string
  /** The region of the bucket. @default AWS_REGION */
  readonly region?: string
  /** The public URL that the keys are appended to. */
  readonly publicUrl?: string
  /** Whether the bucket is in the path instead of the host name. @default true with an endpoint */
  readonly pathStyle?: boolean
  /** The size of the parts of an upload in bytes. @default 16 MiB */
  readonly partSize?: number
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
  /** The targets of `--to` by name. */
  readonly targets?: Readonly<Record<string, TargetConfig>>
  /** Whether `query`, `wait`, `watch` and `save` record tasks in the ledger. Submits always are. @default true */
  readonly history?: boolean
  /** When a submit needs a confirmation. */
  readonly spend?: SpendConfig
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
