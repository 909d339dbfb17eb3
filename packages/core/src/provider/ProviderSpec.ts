import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { OutputKind } from "../task/Output.ts"
import type { AccountOptions } from "./AccountOptions.ts"
import type { BalanceOperation } from "./BalanceOperation.ts"
import type { CancelOperation } from "./CancelOperation.ts"
import type { Credentials } from "./Credentials.ts"
import type { ErrorFormat } from "./ErrorFormat.ts"
import type { HttpRequest } from "./HttpRequest.ts"
import type { JsonObject } from "./jsonObject.ts"
import type { KeyExchange } from "./KeyExchange.ts"
import type { QueryOutcome } from "./QueryOutcome.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { RecoverOperation } from "./RecoverOperation.ts"
import type { RequestSpec } from "./RequestSpec.ts"
import type { ResponseHead } from "./ResponseHead.ts"
import type { StatusWords } from "./statusTable.ts"
import type { SubmitOperation } from "./SubmitOperation.ts"
import type { TaskKey } from "./TaskKey.ts"
import type { UploadOperation } from "./UploadOperation.ts"
import type { WebhookOperation } from "./WebhookOperation.ts"

/** A named host that speaks the provider's format. */
export interface Endpoint {
  /** The base URL, such as `https://api.example.com`. A path in it precedes the paths of all requests. */
  readonly baseUrl: string
  /** The URL of this host's documentation of the format. @default the spec's `docs` */
  readonly docs?: string | undefined
  /** Default settings of accounts at this endpoint. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined
  /**
   * Further hosts that may receive the API key, such as `files.example.com`, or `*.example.com` for all of its
   * subdomains. Only for accounts that use this endpoint's own `baseUrl`. @default none
   */
  readonly hosts?: ReadonlyArray<string> | undefined
}

/** How often a vendor recommends to poll. */
export interface PollHint {
  /** The first and shortest delay between two polls, in milliseconds. */
  readonly minMs: number
  /** The longest delay between two polls, in milliseconds. */
  readonly maxMs: number
}

/**
 * What a provider needs of core. A core that does not know one of them rejects the provider, instead of ignoring a member
 * that requests depend on.
 *
 * - `hosts`: requests with a `host`
 * - `optional-key`: accounts without an API key
 * - `key-exchange`: a token that core fetches
 * - `nonce`: a UUID for each request
 * - `bodies`: requests with a form, a multipart form or a file
 */
export type Requirement = "hosts" | "optional-key" | "key-exchange" | "nonce" | "bodies"

/** How to query a task. All functions are pure: the same arguments always give the same result. */
export interface QueryOperation<Settings, Params, Body> {
  /**
   * Describes the request.
   *
   * @throws {Error} If the vendor cannot have a task with this id. The message becomes part of a `ConfigurationError`.
   */
  readonly request: (task: TaskKey<Params>, settings: Settings) => RequestSpec
  /**
   * Whether the vendor cannot be queried for a task, because the response to its submit was the result. `submit.decode`
   * returns one such task, with a draft that has a terminal status. Queries then return the recorded snapshot, and send
   * nothing. Only `params` say which tasks these are, so that the ref decides.
   *
   * @default no task: every one can be queried
   */
  readonly completesOnSubmit?: ((params: Params) => boolean) | undefined
  /**
   * The schema of a response: only the fields that are read, nullish, and tolerant of unknown fields.
   *
   * @default any JSON object
   */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /** Decodes a 2xx response that matches `response`. If it throws, the response is an `UnexpectedResponse`. */
  readonly decode: (body: Body, head: ResponseHead, task: TaskKey<Params>) => QueryOutcome
  /**
   * Decodes another response that matches `response`. Undefined leaves the decision to the spec's `errors`, and then to the
   * HTTP status. Needed if the vendor reports a *task* in such a response. @default `errors` and the HTTP status decide
   */
  readonly decodeError?:
    | ((body: Body, head: ResponseHead, task: TaskKey<Params>) => QueryOutcome | undefined)
    | undefined
}

/**
 * A provider: a vendor's format as plain data and pure functions. A provider cannot do I/O. Core sends its requests,
 * retries, paces, times out, logs and cancels them.
 *
 * @typeParam Settings The validated settings of an account.
 * @typeParam Params The validated params of a task ref.
 * @typeParam Body The validated body of a response.
 * @typeParam Options The settings as users write them.
 * @typeParam EndpointName The names of the endpoints.
 */
export interface ProviderSpec<
  // oxlint-disable-next-line typescript/no-explicit-any -- only the provider itself knows the types of its data
  Settings = any,
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  Params = any,
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  Body = any,
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  Options = any,
  EndpointName extends string = string
> {
  /** The version of the provider contract. */
  readonly specVersion: 1
  /** The word before the colon of a task ref: lowercase letters, digits and hyphens, starting with a letter. */
  readonly id: string
  /** The provider's name for people. */
  readonly title: string
  /** The URL of the vendor's documentation of the format. */
  readonly docs: string
  /** Examples of task refs, one for each kind of query: with all params, and an id in the vendor's form. */
  readonly examples?: ReadonlyArray<string> | undefined
  /** The kinds of media that the vendor's tasks create. */
  readonly mediaKinds?: ReadonlyArray<OutputKind> | undefined
  /**
   * The vendor's words for each status. A draft without a `status` gets the one that its `rawStatus` maps to. For other
   * words, {@link commonStatus} decides. Words that it does not know are `unknown`, which is not terminal.
   */
  readonly statuses?: StatusWords | undefined
  /** The hosts that speak the format, by name. */
  readonly endpoints: Readonly<Record<EndpointName, Endpoint>>
  /** The endpoint of accounts without `endpoint` and `baseUrl`. @default the only endpoint, if there is exactly one */
  readonly defaultEndpoint?: NoInfer<EndpointName> | undefined
  /** The schema of an account's settings. Unknown settings must be invalid. @default the provider has no settings */
  readonly settings?: StandardSchemaV1<Options, Settings> | undefined
  /** The schema of a ref's params, whose values are text. Unknown params must be invalid. @default no params */
  readonly params?: StandardSchemaV1<unknown, Params> | undefined
  /**
   * Returns the authentication headers of a request. @default `authorization: Bearer KEY`
   *
   * @throws {Error} If the API key has the wrong form. The message must not contain the key.
   */
  readonly authorize?:
    | ((request: HttpRequest, credentials: Credentials) => Readonly<Record<string, string>>)
    | undefined
  /** What the provider needs of core. @default nothing */
  readonly requires?: ReadonlyArray<Requirement> | undefined
  /**
   * Whether accounts have an API key. Without a key, requests are not authorized, and `http` is allowed on private hosts.
   *
   * @default "required"
   */
  readonly apiKey?: "required" | "optional" | "none" | undefined
  /** How to get the token that `authorize` needs. @default the API key is enough */
  // oxlint-disable-next-line typescript/no-explicit-any -- only the operation itself knows the type of its body
  readonly keyExchange?: KeyExchange<Settings, any, string> | undefined
  /** What the vendor's errors mean, in the responses to all operations. @default the HTTP status decides */
  readonly errors?: ErrorFormat | undefined
  /** How to query a task. */
  readonly query: QueryOperation<Settings, Params, Body>
  /** How to submit a task. @default the provider cannot submit */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly submit?: SubmitOperation<Settings, any> | undefined
  /** How to cancel a task. @default the vendor cannot cancel */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly cancel?: CancelOperation<Settings, Params, any> | undefined
  /** How to upload a file. @default the vendor accepts URLs only, and files that the provider embeds */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly upload?: UploadOperation<Settings, any> | undefined
  /** How to read the vendor's webhook requests. @default the vendor sends none */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly webhook?: WebhookOperation<Settings, any> | undefined
  /** How to query the account's credit. @default the vendor does not report it */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly balance?: BalanceOperation<Settings, any> | undefined
  /** How to find the task of a submit whose outcome is unknown. @default the vendor has no way to find it */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly recover?: RecoverOperation<Settings, any> | undefined
  /** The documented rate limits of queries, per account. @default no limits */
  readonly rateLimits?: ((settings: Settings) => ReadonlyArray<RateLimit>) | undefined
  /** How often the vendor recommends to poll. @default the poll policy decides alone */
  readonly pollHint?: PollHint | undefined
  /** How long the vendor keeps outputs after the task has completed, by kind, in milliseconds. @default unknown */
  readonly resultLifetimeMs?: Readonly<Partial<Record<OutputKind, number>>> | undefined
}

/**
 * Checks the types of a provider and returns it unchanged.
 *
 * ```ts
 * export default defineProvider({
 *   specVersion: 1,
 *   id: "acme",
 *   title: "Acme",
 *   docs: "https://docs.acme.example/tasks",
 *   endpoints: { main: { baseUrl: "https://api.acme.example" } },
 *   query: {
 *     request: (task) => ({ method: "GET", path: `/v1/tasks/${encodeURIComponent(task.id)}` }),
 *     response: z.object({ status: z.string(), url: z.string().nullish() }),
 *     decode: (body) => snapshot({ rawStatus: body.status, outputs: [{ kind: "image", url: body.url }] })
 *   },
 *   statuses: { running: ["processing"], succeeded: ["completed"], failed: ["failed"] }
 * })
 * ```
 *
 * @param spec The provider.
 */
export const defineProvider = <
  Settings,
  Params,
  Body = JsonObject,
  Options extends object = AccountOptions,
  EndpointName extends string = string
>(
  spec: ProviderSpec<Settings, Params, Body, Options, EndpointName>
): ProviderSpec<Settings, Params, Body, Options, EndpointName> => spec
