/** The plugin contract: a provider is plain data and pure functions. It cannot do I/O; core does it all. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { OutputKind } from "../task/Output.ts"
import type { AccountOptions } from "./Account.ts"
import type { QueryOutcome } from "./QueryOutcome.ts"
import type { StatusWords } from "./statusTable.ts"
import type { Credentials, HttpRequest, ResponseHead, RequestSpec } from "./HttpRequest.ts"

/** A named host that speaks the provider's wire format. */
export interface Endpoint {
  /** The origin, with a path before the provider's own paths if there is one: `https://api.example.com`. */
  readonly baseUrl: string
  /** Where this host documents the format. */
  readonly docs?: string | undefined
  /** Settings that hold on this host unless the account says otherwise. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined
}

/** A documented limit: so many requests in any window of so many milliseconds. */
export interface RateLimit {
  readonly requests: number
  /** In milliseconds. */
  readonly windowMs: number
}

/** How often a vendor wants to be asked, in milliseconds. */
export interface PollHint {
  /** The first wait, and the shortest. */
  readonly minMs: number
  /** The longest wait. */
  readonly maxMs: number
}

/** The task that a question is about. */
export interface TaskKey<Hints> {
  readonly id: string
  /** The ref's hints, validated by the provider's `hints` schema. */
  readonly params: Hints
}

/** One question to the vendor: the request that asks it, and what the answer means. Both functions are pure. */
export interface QueryOperation<Settings, Hints, Body> {
  /** Describes the request. */
  readonly request: (task: TaskKey<Hints>, settings: Settings) => RequestSpec
  /** The shape of a good answer: minimal, nullish, tolerant of unknown fields. */
  readonly response: StandardSchemaV1<unknown, Body>
  /** Says what an answer with a 2xx status means, once it fits `response`. */
  readonly decode: (body: Body, http: ResponseHead, task: TaskKey<Hints>) => QueryOutcome
  /**
   * Says what an answer with another status means, where it fits `response`; undefined leaves it to the HTTP status.
   * Needed where a vendor tells about a *task* in such an answer, or keeps its retry-after in the body.
   */
  readonly decodeError?:
    | ((body: Body, http: ResponseHead, task: TaskKey<Hints>) => QueryOutcome | undefined)
    | undefined
}

/** A provider: a wire format, as a plugin. */
// oxlint-disable-next-line typescript/no-explicit-any -- only the provider itself knows its answer's type
export interface ProviderSpec<Settings = any, Hints = any, Body = any, Options = any> {
  /** The version of this contract. */
  readonly specVersion: 1
  /** Lower-case letters, digits and hyphens: the word before the colon of a task ref. */
  readonly id: string
  /** What people call it. */
  readonly title: string
  /** Where the vendor documents the format. */
  readonly docs: string
  /** Task refs as people will write them, one for each way to ask: with every hint, in the vendor's form of an id. */
  readonly examples?: ReadonlyArray<string> | undefined
  /** The kinds of media that its tasks make. */
  readonly mediaKinds?: ReadonlyArray<OutputKind> | undefined
  /**
   * The vendor's words for where a task stands; blanks and case do not matter. A draft without a status gets the one
   * that its `rawStatus` stands for, and a word that is not here is `unknown`, which is not an end.
   */
  readonly statuses?: StatusWords | undefined
  readonly endpoints: Readonly<Record<string, Endpoint>>
  /** The endpoint of an account that names none. Without it: the only one, if there is exactly one. */
  readonly defaultEndpoint?: string | undefined
  /** The settings of an account, strict. Without it, the provider has none of its own. */
  readonly settings?: StandardSchemaV1<Options, Settings> | undefined
  /** The hints of a task ref, strict; values are texts. Without it, the provider takes no hints. */
  readonly params?: StandardSchemaV1<unknown, Hints> | undefined
  /** The headers that prove who asks. @default a bearer token */
  readonly authorize?:
    | ((request: HttpRequest, credentials: Credentials) => Readonly<Record<string, string>>)
    | undefined
  readonly query: QueryOperation<Settings, Hints, Body>
  /** The documented rate limits of a query for one account. */
  readonly rateLimits?: ((settings: Settings) => ReadonlyArray<RateLimit>) | undefined
  readonly pollHint?: PollHint | undefined
  /** How long a link of each kind lives after the task completed, in milliseconds, where documented. */
  readonly resultLifetimeMs?: Readonly<Partial<Record<OutputKind, number>>> | undefined
}

/** Checks a provider's types as it is written down, and answers it unchanged. */
export const defineProvider = <Settings, Hints, Body, Options extends object = AccountOptions>(
  spec: ProviderSpec<Settings, Hints, Body, Options>
): ProviderSpec<Settings, Hints, Body, Options> => spec
