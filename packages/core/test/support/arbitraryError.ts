/** Arbitrary errors of all classes for property tests. */
import fc from "fast-check"
import {
  ClientClosed,
  ConfigurationError,
  InvalidTaskRef,
  InvalidWebhook,
  LedgerFailed,
  ProviderError,
  SaveError,
  StillRunning,
  SubmitOutcomeUnknown,
  SubmitRejected,
  TaskFailed,
  UploadFailed
} from "@gentask/core"
import type {
  ConfigurationErrorReason,
  ErrorReason,
  InvalidWebhookReason,
  SaveErrorReason
} from "@gentask/core"
import { InvalidJson } from "@gentask/core/schema"
import type { AnyGentaskError } from "@gentask/core/schema"
import {
  failure,
  kind,
  nullable,
  number,
  record,
  role,
  savedFile,
  snapshot,
  status,
  terminalSnapshot,
  text
} from "./arbitrarySnapshot.ts"

interface Tagged {
  readonly _tag: string
}

/** Any member of a union. The compiler checks that every member is there. */
const taggedUnion = <Union extends Tagged>(members: {
  readonly [Tag in Union["_tag"]]: fc.Arbitrary<Omit<Extract<Union, { readonly _tag: Tag }>, "_tag">>
}): fc.Arbitrary<Union> =>
  fc.oneof(
    ...Object.entries<fc.Arbitrary<object>>(members).map(([_tag, fields]) =>
      fields.map((rest) => ({ _tag, ...rest }))
    )
  ) as fc.Arbitrary<Tagged> as fc.Arbitrary<Union>

const orUndefined = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined })
const texts = fc.array(text, { maxLength: 3 })
const httpStatus = fc.integer({ min: 100, max: 599 })

const detailFields = { message: nullable(text), code: nullable(text), httpStatus, requestId: nullable(text) }
const optional = { noNullPrototype: true, requiredKeys: [] }
const detail = fc.record(detailFields, optional)
const delayed = fc.record({ ...detailFields, retryAfterMs: number({ min: 0 }) }, optional)

const errorReason = taggedUnion<ErrorReason>({
  Unauthorized: detail,
  InsufficientCredits: detail,
  Forbidden: detail,
  TaskNotFound: detail,
  InvalidRequest: detail,
  RateLimited: delayed,
  Unavailable: delayed,
  Unreachable: detail,
  RequestTimedOut: detail,
  UnexpectedResponse: fc.record({ ...detailFields, path: text }, { ...optional, requiredKeys: ["path"] }),
  ResponseTooLarge: detail
})

const configurationErrorReason = taggedUnion<ConfigurationErrorReason>({
  UnknownProvider: record({ provider: text, known: texts }),
  UnknownAccount: record({ provider: text, account: text, known: texts }),
  DuplicateAccount: record({ account: text }),
  InvalidAccountName: record({ provider: text, account: text }),
  UnsupportedProvider: record({
    provider: text,
    problems: fc.array(record({ path: text, message: text }), { maxLength: 3 })
  }),
  MissingApiKey: record({ account: text, variable: text }),
  InvalidApiKey: record({ account: text }),
  MissingEndpoint: record({ account: text, known: texts }),
  UnknownEndpoint: record({ account: text, endpoint: text, known: texts }),
  InvalidBaseUrl: record({ account: text }),
  InvalidSettings: record({ account: text, path: text }),
  InvalidParams: record({ ref: text, path: text }),
  InvalidTaskId: record({ ref: text }),
  InvalidInput: record({
    account: text,
    model: text,
    problems: fc.array(
      fc.record(
        {
          path: text,
          message: text,
          code: fc.constantFrom("unsupported", "missing", "invalid"),
          supported: texts
        },
        { ...optional, requiredKeys: ["path", "message"] }
      ),
      { maxLength: 3 }
    )
  }),
  UnsupportedOperation: record({ account: text, operation: text }),
  IdempotencyKeyReused: record({ account: text, idempotencyKey: text }),
  MissingLedger: record({}),
  ForbiddenHost: record({ account: text, host: text }),
  InvalidOption: record({ option: text })
})

const saveErrorReason = taggedUnion<SaveErrorReason>({
  NotSucceeded: record({ status }),
  NoOutput: record({ roles: orUndefined(fc.array(role)) }),
  UnsafeLink: record({ url: text, detail: text }),
  LinkExpired: record({ url: text, httpStatus }),
  LinkForbidden: record({ url: text, httpStatus }),
  DownloadFailed: record({
    url: text,
    detail: text,
    httpStatus: orUndefined(httpStatus),
    isRetryable: fc.boolean()
  }),
  NotMedia: record({ url: orUndefined(text), kind }),
  UnsupportedEncoding: record({ url: text, encoding: text }),
  Truncated: record({ kind }),
  MissingInlineMedia: record({ kind }),
  Empty: record({ url: text }),
  TooLarge: record({ url: text, bytes: orUndefined(fc.maxSafeNat()), maxBytes: fc.maxSafeNat() }),
  TimedOut: record({ timeoutMs: fc.maxSafeNat() }),
  FileExists: record({ path: text }),
  TargetFailed: record({
    target: text,
    detail: text,
    httpStatus: orUndefined(httpStatus),
    isRetryable: fc.boolean()
  }),
  NotWritable: record({ path: text, code: text }),
  DiskFull: record({ path: text }),
  Unexpected: record({ detail: text })
})

const providerError = record({ provider: text, account: text, ref: text, reason: errorReason }).map(
  (fields) => new ProviderError(fields)
)

const submitFields = { account: text, model: text, idempotencyKey: text, intent: nullable(text) }

/** Any error of each class. */
export const errors: {
  readonly [Tag in AnyGentaskError["_tag"]]: fc.Arbitrary<Extract<AnyGentaskError, { readonly _tag: Tag }>>
} = {
  ProviderError: providerError,
  ConfigurationError: record({ reason: configurationErrorReason, message: text }).map(
    (fields) => new ConfigurationError(fields)
  ),
  InvalidTaskRef: record({ input: text, problem: text }).map((fields) => new InvalidTaskRef(fields)),
  TaskFailed: terminalSnapshot.map((fields) => new TaskFailed(fields)),
  StillRunning: record({ ref: text, snapshot: nullable(snapshot), lastError: nullable(providerError) }).map(
    (fields) => new StillRunning(fields)
  ),
  SaveError: record({ ref: text, reason: saveErrorReason, saved: fc.array(savedFile, { maxLength: 2 }) }).map(
    (fields) => new SaveError(fields)
  ),
  SubmitRejected: record({ ...submitFields, reason: errorReason, failure }).map(
    (fields) => new SubmitRejected(fields)
  ),
  SubmitOutcomeUnknown: record({ ...submitFields, lastError: errorReason }).map(
    (fields) => new SubmitOutcomeUnknown(fields)
  ),
  UploadFailed: record({ account: text, file: text, reason: errorReason }).map(
    (fields) => new UploadFailed(fields)
  ),
  InvalidWebhook: record({
    account: text,
    reason: taggedUnion<InvalidWebhookReason>({
      InvalidSignature: record({}),
      InvalidBody: record({ path: text })
    })
  }).map((fields) => new InvalidWebhook(fields)),
  LedgerFailed: fc.constant(null).map(() => new LedgerFailed()),
  ClientClosed: fc.constant(null).map(() => new ClientClosed()),
  InvalidJson: record({ path: text, message: text }).map((fields) => new InvalidJson(fields))
}
