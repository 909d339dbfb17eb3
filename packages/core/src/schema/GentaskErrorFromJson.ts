import * as Schema from "effect/Schema"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { StillRunning, TaskFailed } from "../client/WaitError.ts"
import type { WaitError } from "../client/WaitError.ts"
import { ClientClosed } from "../exchange/ClientClosed.ts"
import { ProviderError } from "../exchange/ProviderError.ts"
import { SaveError } from "../save/SaveError.ts"
import { LedgerFailed, SubmitOutcomeUnknown, SubmitRejected, UploadFailed } from "../submit/SubmitError.ts"
import { InvalidWebhook } from "../webhook/InvalidWebhook.ts"
import type { GentaskError } from "../task/GentaskError.ts"
import { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import { ConfigurationErrorReasonSchema } from "./ConfigurationErrorReasonSchema.ts"
import { errorCodec, errorFields } from "./errorCodec.ts"
import type { ErrorJson } from "./ErrorJson.ts"
import { ErrorReasonFromJson } from "./ErrorReasonFromJson.ts"
import { formatVersion } from "./formatVersion.ts"
import { InvalidJson } from "./InvalidJson.ts"
import { makeDecode } from "./makeDecode.ts"
import { makeEncode } from "./makeEncode.ts"
import { savedFileFields } from "./SavedFileFromJson.ts"
import { SaveErrorReasonFromJson } from "./SaveErrorReasonFromJson.ts"
import { unknownTag } from "./unknownTag.ts"
import {
  FailureFromJson,
  snapshotFields,
  TaskStatusSchema,
  TerminalStatusSchema
} from "./TaskSnapshotFromJson.ts"

/** Every error that can be converted to JSON: the errors of all operations, and `InvalidJson`. */
export type AnyGentaskError =
  | WaitError
  | SaveError
  | SubmitRejected
  | SubmitOutcomeUnknown
  | UploadFailed
  | LedgerFailed
  | InvalidWebhook
  | InvalidJson

const version = formatVersion

const providerErrorFields = {
  ...errorFields("ProviderError"),
  provider: Schema.String,
  account: Schema.String,
  ref: Schema.String,
  reason: ErrorReasonFromJson
}

const makeProviderError = (fields: ConstructorParameters<typeof ProviderError>[0]) =>
  new ProviderError(fields)

const configurationErrorFields = {
  ...errorFields("ConfigurationError"),
  reason: ConfigurationErrorReasonSchema
}

const invalidTaskRefFields = {
  ...errorFields("InvalidTaskRef"),
  input: Schema.String,
  problem: Schema.String
}

const taskFailedFields = {
  ...errorFields("TaskFailed"),
  ref: Schema.String,
  snapshot: Schema.Struct(snapshotFields(TerminalStatusSchema))
}

const stillRunningFields = {
  ...errorFields("StillRunning"),
  ref: Schema.String,
  snapshot: Schema.NullOr(Schema.Struct(snapshotFields(TaskStatusSchema))),
  lastError: Schema.NullOr(errorCodec(Schema.Struct(providerErrorFields), "ProviderError", makeProviderError))
}

const saveErrorFields = {
  ...errorFields("SaveError"),
  ref: Schema.String,
  reason: SaveErrorReasonFromJson,
  saved: Schema.Array(Schema.Struct(savedFileFields))
}

const submitFields = {
  account: Schema.String,
  model: Schema.String,
  idempotencyKey: Schema.String,
  intent: Schema.NullOr(Schema.String)
}

const submitRejectedFields = {
  ...errorFields("SubmitRejected"),
  ...submitFields,
  reason: ErrorReasonFromJson,
  failure: FailureFromJson
}

const submitOutcomeUnknownFields = {
  ...errorFields("SubmitOutcomeUnknown"),
  ...submitFields,
  lastError: ErrorReasonFromJson
}

const uploadFailedFields = {
  ...errorFields("UploadFailed"),
  account: Schema.String,
  file: Schema.String,
  reason: ErrorReasonFromJson
}

const invalidWebhookFields = {
  ...errorFields("InvalidWebhook"),
  account: Schema.String,
  reason: Schema.Union([
    Schema.Struct({ _tag: Schema.Literal("InvalidSignature") }),
    Schema.Struct({ _tag: Schema.Literal("InvalidBody"), path: Schema.String })
  ])
}

const codec = Schema.Union([
  errorCodec(Schema.Struct({ version, ...providerErrorFields }), "ProviderError", makeProviderError),
  errorCodec(
    Schema.Struct({ version, ...configurationErrorFields }),
    "ConfigurationError",
    (fields) => new ConfigurationError(fields)
  ),
  errorCodec(
    Schema.Struct({ version, ...invalidTaskRefFields }),
    "InvalidTaskRef",
    (fields) => new InvalidTaskRef(fields)
  ),
  errorCodec(
    Schema.Struct({ version, ...taskFailedFields }),
    "TaskFailed",
    ({ snapshot }) => new TaskFailed(snapshot)
  ),
  errorCodec(
    Schema.Struct({ version, ...stillRunningFields }),
    "StillRunning",
    (fields) => new StillRunning(fields)
  ),
  errorCodec(Schema.Struct({ version, ...saveErrorFields }), "SaveError", (fields) => new SaveError(fields)),
  errorCodec(
    Schema.Struct({ version, ...submitRejectedFields }),
    "SubmitRejected",
    (fields) => new SubmitRejected(fields)
  ),
  errorCodec(
    Schema.Struct({ version, ...submitOutcomeUnknownFields }),
    "SubmitOutcomeUnknown",
    (fields) => new SubmitOutcomeUnknown(fields)
  ),
  errorCodec(
    Schema.Struct({ version, ...uploadFailedFields }),
    "UploadFailed",
    (fields) => new UploadFailed(fields)
  ),
  errorCodec(
    Schema.Struct({ version, ...errorFields("LedgerFailed") }),
    "LedgerFailed",
    () => new LedgerFailed()
  ),
  errorCodec(
    Schema.Struct({ version, ...invalidWebhookFields }),
    "InvalidWebhook",
    (fields) => new InvalidWebhook(fields)
  ),
  errorCodec(
    Schema.Struct({ version, ...errorFields("ClientClosed") }),
    "ClientClosed",
    () => new ClientClosed()
  ),
  errorCodec(
    Schema.Struct({ version, ...errorFields("InvalidJson"), path: Schema.String }),
    "InvalidJson",
    (fields) => new InvalidJson(fields)
  )
]).annotate(unknownTag)

/**
 * The codec of all errors, for Effect. Decoding returns an instance of the error's class, and ignores unknown members.
 *
 * ```ts
 * const result = yield* Schema.decodeUnknownEffect(GentaskErrorFromJson)(json)
 * if (result._tag === "ProviderError") console.log(result.reason._tag)
 * ```
 *
 * The stack trace and the cause of an error are not part of its JSON, because they may contain secrets.
 */
export const GentaskErrorFromJson: Schema.Codec<AnyGentaskError, ErrorJson> = codec

const encode: (error: AnyGentaskError) => ErrorJson = makeEncode(codec, "error")

/**
 * Converts an error to JSON, for a database, a queue or an HTTP response.
 *
 * ```ts
 * try {
 *   return Response.json(encodeSnapshot(await gentask.wait(ref)))
 * } catch (error) {
 *   if (!isGentaskError(error)) throw error
 *   return Response.json(encodeError(error), { status: 502 })
 * }
 * ```
 *
 * @param error An error of any operation, or an `InvalidJson` error.
 * @returns The JSON, with its format version. It contains neither the stack trace nor the cause.
 * @throws {InvalidJson} If the error is of another class, or its fields are invalid.
 */
export const encodeError = (error: GentaskError): ErrorJson => encode(error as AnyGentaskError)

/**
 * Restores an error from JSON.
 *
 * ```ts
 * const error = decodeError(JSON.parse(text))
 * if (error instanceof ProviderError && error.isRetryable) retryLater(error.ref)
 * ```
 *
 * @param json The result of `encodeError`. Unknown members are ignored.
 * @returns An instance of the error's class, with the same fields and the same message.
 * @throws {InvalidJson} If the JSON is not an error of gentask, or has a later format version.
 */
export const decodeError: (json: unknown) => AnyGentaskError = makeDecode(codec, "error")
