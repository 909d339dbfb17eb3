/** One recorded exchange with a vendor: a file `recordings/<state>.json`. */
import * as Schema from "effect/Schema"
import type { FailureReason } from "@gentask/core/provider"
import type { OutputKind, OutputRole } from "@gentask/core/provider"
import type { TaskStatus } from "@gentask/core/provider"
import type { ErrorReasonTag } from "@gentask/core/provider"
import type { Meaning } from "./Expectation.ts"

/** A request as the vendor's document shows it, without the credentials. */
export interface RecordedRequest {
  readonly method: "GET" | "POST"
  /** The whole URL. The order of its parameters does not matter, nor how they are escaped. */
  readonly url: string
  /** @default none */
  readonly headers?: Readonly<Record<string, string>>
  /** A JSON value; null for none. JSON inside a text is compared by its value. @default null */
  readonly body?: unknown
}

/** An answer as the vendor gave it, or as its document shows it. */
export interface RecordedResponse {
  /** The HTTP status. @default 200 */
  readonly status?: number
  /** @default none */
  readonly headers?: Readonly<Record<string, string>>
  /** A JSON value; a text is the body's text as it is. */
  readonly body: unknown
}

/** A further request that the answer asked for, and its answer. */
export interface RecordedFollowUp {
  readonly request?: RecordedRequest
  readonly answer: RecordedResponse
}

/** An exchange: what was asked, what was answered, and what that means. */
export interface Recording {
  /** Where it is from: the page or the code that shows it, or that it is made up, and by what. */
  readonly source: string
  /** The task. @default the spec's first example */
  readonly ref?: string
  /** The account's options besides the key: `endpoint`, `baseUrl`, and the provider's own settings. */
  readonly account?: Readonly<Record<string, unknown>>
  /** The documented request; at least one recording has it. */
  readonly request?: RecordedRequest
  readonly answer: RecordedResponse
  /** The requests that the answer needs before it has told everything, in order. */
  readonly then?: ReadonlyArray<RecordedFollowUp>
  /** When the answer arrived: an ISO 8601 instant. It matters for a `Retry-After` that is a date. @default 1970 */
  readonly at?: string
  /** Further words that the vendor uses in the place of this status, with the same meaning. */
  readonly words?: ReadonlyArray<string>
  /** The whole meaning. Where it is missing, the kit shows it, and writes it with `GENTASK_RECORD=1`. */
  readonly means?: Meaning
}

const Key = Schema.optionalKey
const Text = Key(Schema.String)
const Number = Key(Schema.Finite)
const Instant = Key(
  Schema.String.check(
    Schema.makeFilter((text) => !globalThis.Number.isNaN(Date.parse(text)) || "Expected an ISO 8601 instant")
  )
)
const Texts = Schema.Record(Schema.String, Schema.String)
const Url = Schema.String.check(Schema.makeFilter((text) => URL.canParse(text) || "Expected a whole URL"))

const status: ReadonlyArray<TaskStatus> = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "canceled",
  "expired",
  "unknown"
]
const reason: ReadonlyArray<FailureReason> = [
  "moderation",
  "invalid-input",
  "quota",
  "timeout",
  "canceled",
  "upstream",
  "unknown"
]
const kind: ReadonlyArray<OutputKind> = ["image", "video", "animation", "audio"]
const role: ReadonlyArray<OutputRole> = ["result", "thumbnail", "preview", "watermarked"]
const tag: ReadonlyArray<ErrorReasonTag> = [
  "Unauthorized",
  "InsufficientCredits",
  "Forbidden",
  "TaskNotFound",
  "InvalidRequest",
  "RateLimited",
  "Unavailable",
  "Unreachable",
  "RequestTimedOut",
  "UnexpectedResponse",
  "ResponseTooLarge"
]

const FaultMeans = Schema.Struct({
  fault: Schema.Struct({
    _tag: Schema.Literals(tag),
    code: Text,
    message: Text,
    requestId: Text,
    path: Text,
    retryAfter: Number,
    httpStatus: Number
  })
})

const SnapshotMeans = Schema.Struct({
  status: Schema.Literals(status),
  rawStatus: Text,
  progress: Number,
  model: Text,
  prompt: Text,
  createdAt: Instant,
  updatedAt: Instant,
  completedAt: Instant,
  outputs: Key(
    Schema.Array(
      Schema.Struct({
        kind: Schema.Literals(kind),
        role: Key(Schema.Literals(role)),
        url: Text,
        base64: Text,
        mediaType: Text,
        width: Number,
        height: Number,
        expiresAt: Instant
      })
    )
  ),
  failure: Key(
    Schema.Struct({
      reason: Schema.Literals(reason),
      code: Text,
      message: Text,
      requestId: Text,
      resubmit: Key(Schema.Boolean)
    })
  ),
  warnings: Key(Schema.Array(Schema.String)),
  pollAfter: Number,
  retryAfter: Number
})

const Request = Schema.Struct({
  method: Schema.Literals(["GET", "POST"]),
  url: Url,
  headers: Key(Texts),
  body: Key(Schema.Unknown)
})
const Response = Schema.Struct({
  status: Key(Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 }))),
  headers: Key(Texts),
  body: Schema.Unknown
})

const shape = (means: typeof FaultMeans | typeof SnapshotMeans) =>
  Schema.toStandardSchemaV1(
    Schema.Struct({
      source: Schema.NonEmptyString,
      ref: Text,
      account: Key(Schema.Record(Schema.String, Schema.Unknown)),
      request: Key(Request),
      answer: Response,
      // oxlint-disable-next-line unicorn/no-thenable -- a name in the file, and never a function
      then: Key(Schema.Array(Schema.Struct({ request: Key(Request), answer: Response }))),
      at: Instant,
      words: Key(Schema.Array(Schema.NonEmptyString)),
      means: Key<Schema.Codec<Meaning>>(means)
    }),
    { parseOptions: { onExcessProperty: "error", errors: "all" } }
  )
const withFault = shape(FaultMeans)
const withSnapshot = shape(SnapshotMeans)

const hasFault = (value: unknown): boolean => {
  const means = (value as { readonly means?: unknown } | null)?.means
  return typeof means === "object" && means !== null && "fault" in means
}

/** Checks a file's JSON; answers the recording, or what is wrong with it, place by place and without any value. */
export const readRecording = (value: unknown): Recording | ReadonlyArray<string> => {
  // One of the two is meant, and only its own issues help.
  const result = (hasFault(value) ? withFault : withSnapshot)["~standard"].validate(value)
  if (result instanceof Promise) return ["it cannot be read at once"]
  if (result.issues === undefined) {
    const hasKey = "apiKey" in (result.value.account ?? {})
    return hasKey
      ? ["account.apiKey is no member of a recording, as a key belongs into no file"]
      : result.value
  }
  return result.issues.map(({ path = [], message }) => {
    const place = path.map(String).join(".")
    if (message === "Expected no excess property") return `${place} is no member of a recording`
    if (message === "Missing key") return `${place} is missing`
    return `${place === "" ? "the file" : place}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
  })
}
