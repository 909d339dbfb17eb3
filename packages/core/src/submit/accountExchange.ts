/** Sends the requests of a submit through the account's own queue. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { FileError } from "../exchange/FileSource.ts"
import type { RequestOutcome, RequestQueue } from "../exchange/RequestQueue.ts"
import type { RequestSender, SendFailure as SenderFailure } from "../exchange/RequestSender.ts"
import { sendUncredentialed } from "../exchange/sendUncredentialed.ts"
import type { VendorResponse } from "../exchange/VendorResponse.ts"
import * as retryAfter from "../http/retryAfter.ts"
import type { RequestLimits, SendError, Transport } from "../http/Transport.ts"
import type { Post, SendFailure, SubmitExchange } from "./SubmitContext.ts"

/** Relays fetch the inputs and try several channels before they respond. In milliseconds. */
const postTimeoutMs = 180_000

/** Time limit of an upload. It starts again with each part that is sent. In milliseconds. */
const uploadTimeoutMs = 120_000

type Failure = SendFailure | ConfigurationError

const toFailure = (error: SenderFailure | FileError | SendError): Failure => {
  if (error instanceof ConfigurationError) return error
  if (error instanceof FileError)
    return {
      _tag: "SendFailure",
      reason: { _tag: "InvalidRequest", message: error.message },
      delivery: "not-sent"
    }
  const { delivery = "maybe-sent", ...reason } = error
  return { _tag: "SendFailure", reason, delivery }
}

/** How a request ended, for the rate budget. */
const outcomeOf = (exit: Exit.Exit<VendorResponse, Failure>): RequestOutcome => {
  if (exit._tag === "Failure") return undefined
  const { status, headers, at } = exit.value
  return status === 429
    ? { _tag: "RateLimited", retryAfterMs: retryAfter.fromHeaders(headers, at) }
    : "succeeded"
}

/**
 * Creates the exchange of an account.
 *
 * @param queue The queue of the account's submits. Uploads and other requests that create nothing do not use it.
 */
export const accountExchange = (
  sender: RequestSender,
  queue: RequestQueue,
  transport: Transport["Service"],
  limits: RequestLimits
): SubmitExchange => ({
  encode: (spec, files) =>
    Effect.map(
      Effect.mapError(sender.encode(spec, files), toFailure),
      (encoded): Post =>
        (onSend, onPermit) =>
          queue.send(
            Effect.suspend(() => {
              const refusal = onPermit()
              if (refusal !== undefined) return Effect.fail(refusal)
              const sent = sender.send(encoded, { freshConnection: true, timeoutMs: postTimeoutMs, onSend })
              return Effect.mapError(sent, toFailure)
            }),
            outcomeOf
          )
    ),
  send: (spec, files, authorize) =>
    Effect.mapError(
      Effect.flatMap(
        sender.encode(spec, files),
        (encoded): Effect.Effect<VendorResponse, SenderFailure | FileError> =>
          sender.send(encoded, {
            authorize,
            timeoutMs: encoded.payload === undefined ? undefined : uploadTimeoutMs
          })
      ),
      toFailure
    ),
  sendUncredentialed: (request, files) =>
    Effect.mapError(
      sendUncredentialed(
        transport,
        { ...limits, timeoutMs: uploadTimeoutMs },
        sender.account,
        request,
        files
      ),
      toFailure
    )
})
