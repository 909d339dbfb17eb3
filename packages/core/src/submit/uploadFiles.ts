/** Uploads the files of an input, and replaces them by what the vendor calls them. */
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import { attributeNames } from "../telemetry/names.ts"
import { traceOperation } from "../exchange/traceOperation.ts"
import type { FileSource } from "../exchange/FileSource.ts"
import { unreadablePayloadCode } from "../http/transportError.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { isTransient } from "../provider/ErrorReason.ts"
import { isInputFile } from "../provider/InputFile.ts"
import type { InputFile } from "../provider/InputFile.ts"
import { mapFiles } from "../provider/mapFiles.ts"
import type { UploadOperation } from "../provider/UploadOperation.ts"
import { callOperation } from "./callOperation.ts"
import type { PreparedSubmit } from "./prepareSubmit.ts"
import type { SendFailure, SubmitContext } from "./SubmitContext.ts"
import { UploadFailed } from "./SubmitError.ts"

/** An upload may be repeated: it creates no task and costs nothing. */
const maxAttempts = 4

const firstDelayMs = 500

/** How many files are uploaded at the same time. */
const concurrency = 4

/** Maximum delay that a vendor can require before an upload is repeated, in milliseconds. */
const maxDelayMs = 60_000

const retryAfterOf = (reason: ErrorReason): number =>
  "retryAfterMs" in reason ? Math.min(maxDelayMs, reason.retryAfterMs ?? 0) : 0

const isRedirect = ({ httpStatus = 0 }: ErrorReason): boolean => httpStatus >= 300 && httpStatus < 400

/** A file that has changed since it was opened cannot be read any more. A redirect would be the same again. */
const mayRepeat = (error: ErrorReason | ConfigurationError): error is ErrorReason =>
  error._tag !== "ConfigurationError" &&
  isTransient(error) &&
  !isRedirect(error) &&
  error.code !== unreadablePayloadCode

/** Repeats an upload after transient errors. */
const retried = <A>(
  upload: Effect.Effect<A, ErrorReason | ConfigurationError>,
  attempt = 1
): Effect.Effect<A, ErrorReason | ConfigurationError> =>
  upload.pipe(
    Effect.catch((error) =>
      mayRepeat(error) && attempt < maxAttempts
        ? Effect.andThen(
            Effect.sleep(Math.max(firstDelayMs * 2 ** attempt, retryAfterOf(error))),
            retried(upload, attempt + 1)
          )
        : Effect.fail(error)
    )
  )

const toReason = (failure: SendFailure | ConfigurationError): ErrorReason | ConfigurationError =>
  failure._tag === "SendFailure" ? failure.reason : failure

/** Uploads one file. Returns what replaces it in the input. */
const uploadFile = (
  context: SubmitContext,
  operation: UploadOperation<unknown, unknown>,
  file: InputFile,
  model: string,
  bytes: FileSource
): Effect.Effect<string, ErrorReason | ConfigurationError> =>
  Effect.gen(function* () {
    const { account, exchange } = context
    const spec = operation.request(file, account.settings, model)
    if (spec === undefined)
      return yield* Effect.fail<ErrorReason>({
        _tag: "InvalidRequest",
        message: "the endpoint accepts URLs only"
      })
    const outcome = yield* callOperation(
      exchange.send(spec, bytes),
      { response: operation.response, decode: (body, head) => operation.decode(body, head, file) },
      account.spec.errors
    )
    if (outcome._tag === "SendTo") {
      yield* Effect.mapError(exchange.sendUncredentialed(outcome.request, bytes), toReason)
    }
    return outcome.reference
  })

/**
 * Uploads the files of a submit, each once.
 *
 * @returns The input with references instead of the files.
 */
export const uploadFiles = (
  context: SubmitContext,
  { account, model, uploads, input }: PreparedSubmit,
  bytes: FileSource
): Effect.Effect<Readonly<Record<string, unknown>>, UploadFailed | ConfigurationError> =>
  Effect.gen(function* () {
    const operation: UploadOperation<unknown, unknown> | undefined = context.account.spec.upload
    if (operation === undefined || uploads.length === 0) return input
    const files = [...new Map(uploads.map(({ file }) => [file.id, file])).values()]
    const references = yield* Effect.forEach(
      files,
      (file) =>
        Effect.mapError(
          Effect.map(
            traceOperation(
              "upload",
              context.account,
              {
                attributes: () => ({ [attributeNames.requestModel]: model }),
                onSuccess: () => "success",
                onError: ({ _tag }) => (_tag === "ConfigurationError" ? "other" : _tag)
              },
              retried(uploadFile(context, operation, file, model, bytes))
            ),
            (reference) => [file.id, reference] as const
          ),
          (error) =>
            error._tag === "ConfigurationError"
              ? error
              : new UploadFailed({ account, file: file.name, reason: error })
        ),
      { concurrency }
    )
    const byId = new Map(references)
    const replaced = mapFiles(input, (file) => (isInputFile(file) ? (byId.get(file.id) ?? file) : file))
    return replaced as Readonly<Record<string, unknown>>
  })
