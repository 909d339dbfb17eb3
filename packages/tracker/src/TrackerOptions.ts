import type { DurationInput, PollPolicy, ProviderAccount, SaveTarget } from "@gentask/core"

/** Where the tracker keeps its tasks. */
export type TrackerDatabase =
  | {
      /** The path of a SQLite file: for one tracker on one machine. It is also the ledger of the command line. */
      readonly sqlite: string
    }
  | {
      /** The URL of a Postgres database: for several trackers, on one or several machines. */
      readonly postgres: string
    }

/** What a token allows: to read, to submit and cancel tasks, or to manage endpoints and forget tasks. */
export type TrackerScope = "read" | "submit" | "admin"

/** A token of the HTTP API. */
export interface TrackerToken {
  /** At least 16 visible characters of ASCII. */
  readonly token: string
  /** One scope does not include another. */
  readonly scopes: ReadonlyArray<TrackerScope>
}

/** How fast trackers that share a database react. Shorter times need machines and a database that are never late. */
export interface ClusterTimings {
  /** After this time without a sign of life, the accounts of a tracker are taken over, in milliseconds. @default 3000 */
  readonly lockExpirationMs?: number | undefined
  /** How often other trackers are checked, in milliseconds. @default 1000 */
  readonly healthCheckMs?: number | undefined
  /** How often new trackers are noticed, in milliseconds. @default 500 */
  readonly assignmentMs?: number | undefined
}

/** Options of `startTracker`. */
export interface TrackerOptions {
  /** The accounts, such as `[jimmy({ apiKey })]`. */
  readonly providers: ReadonlyArray<ProviderAccount>
  /** Where tasks are stored. @default the user's ledger, in a SQLite file */
  readonly database?: TrackerDatabase | undefined
  /** The address at which the other trackers reach this one. Required with Postgres. */
  readonly runner?: { readonly host: string; readonly port: number } | undefined
  /** Where the HTTP API listens. @default 127.0.0.1, and a free port */
  readonly listen?: { readonly host?: string | undefined; readonly port?: number | undefined } | undefined
  /**
   * The folder to save files into. Trackers on several machines need a shared one. With `target`, the folder of unfinished
   * files, which need not be shared.
   */
  readonly dir: string
  /**
   * Where to store files instead of in `dir`, such as `s3Target({ url: "s3://bucket/prefix" })`. The HTTP API serves them
   * from there. @default none
   */
  readonly target?: SaveTarget | undefined
  /** The tokens of the HTTP API. */
  readonly tokens: ReadonlyArray<TrackerToken>
  /** Whether webhooks may go to private addresses and by plain http. @default false */
  readonly allowPrivateWebhooks?: boolean | undefined
  /**
   * The URL at which vendors reach the HTTP API, such as `https://tracker.example.com`. Submits then request webhooks where
   * the vendor documents them, so that the end of a task is noticed at once. @default no webhooks are requested
   */
  readonly publicUrl?: string | undefined
  /**
   * Derives the secret in the path of each account's webhooks. At least 16 characters, and the same for all trackers of a
   * database. If it changes, so do the paths. @default the first token with the scope `admin`
   */
  readonly hookSecret?: string | undefined
  /**
   * The secrets that vendors sign their webhooks with, by account. Without one, a webhook of a vendor that signs only on
   * request is accepted if its path is correct. Signatures of vendors that publish their keys are always verified.
   */
  readonly webhookSecrets?: Readonly<Record<string, string>> | undefined
  /**
   * How long to keep tasks after their end, such as `"90 days"`. Later, the task, its events and its submit are deleted.
   * Saved files stay. @default nothing is deleted
   */
  readonly keepFor?: DurationInput | undefined
  /**
   * Whether to serve `/v1/videos` in the format of OpenAI's videos, for clients that cannot use the HTTP API of the
   * tracker. @default false
   */
  readonly openaiVideos?: boolean | undefined
  /** When to poll a task again. @default `PollPolicy.learned()` */
  readonly pollPolicy?: PollPolicy.PollPolicy | undefined
  /** How fast trackers that share a database react to failures. */
  readonly clusterTimings?: ClusterTimings | undefined
  /**
   * Environment variables, such as `process.env`, whose `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name the proxies for
   * requests to vendors, downloads and webhooks. @default no proxy
   */
  readonly proxyVariables?: Readonly<Record<string, string | undefined>> | undefined
  /**
   * Environment variables, such as `process.env`, whose `OTEL_EXPORTER_OTLP_ENDPOINT` names the collector of OpenTelemetry
   * that spans and metrics are exported to. @default nothing is exported
   */
  readonly telemetryVariables?: Readonly<Record<string, string | undefined>> | undefined
}

/** A running tracker. */
export interface Tracker extends AsyncDisposable {
  /** The base URL of the HTTP API, as this machine reaches it. */
  readonly url: string
  /** The names of the accounts, as in task refs. */
  readonly accounts: ReadonlyArray<string>
  /** Stops gracefully: other trackers take the accounts over at once, and downloads are resumed later. */
  readonly close: () => Promise<void>
}
