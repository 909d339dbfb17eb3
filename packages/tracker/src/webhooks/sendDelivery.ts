import type { TransportService } from "@gentask/core/effect"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { TrackerEvent, WebhookEndpoint } from "../store/TrackerStore.ts"
import { destinationProblem } from "./destinationProblem.ts"
import type { DestinationRules } from "./destinationProblem.ts"
import { signMessage } from "./signMessage.ts"

/** How an attempt ended. */
export type AttemptResult =
  | { readonly _tag: "Delivered"; readonly httpStatus: number }
  | { readonly _tag: "Failed"; readonly httpStatus: number | undefined; readonly message: string }
  /** The endpoint returned HTTP 410: it wants no more messages. */
  | { readonly _tag: "Gone"; readonly httpStatus: 410; readonly message: string }

/** The part of an event that is sent. */
export interface SentEvent extends Pick<TrackerEvent, "id" | "at" | "body"> {
  readonly type: TrackerEvent["type"] | "test"
  /** Null for a test. */
  readonly ref: string | null
}

/** How long an attempt may take, in milliseconds. */
export const attemptTimeoutMs = 15_000

/** The body of a response is not used. A longer one is not read to its end. */
const maxResponseBytes = 1024

/** Returns the body of an event, which is the same at each attempt. */
export const bodyOf = ({ id, type, at, ref, body }: SentEvent): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), id, ref, data: body })

const resultOf = (httpStatus: number): AttemptResult => {
  if (httpStatus >= 200 && httpStatus < 300) return { _tag: "Delivered", httpStatus }
  if (httpStatus === 410) return { _tag: "Gone", httpStatus, message: "The endpoint returned HTTP 410." }
  const isRedirect = httpStatus >= 300 && httpStatus < 400
  const advice = isRedirect ? " Redirects are not followed." : ""
  return { _tag: "Failed", httpStatus, message: `The endpoint returned HTTP ${httpStatus}.${advice}` }
}

const failed = (message: string): AttemptResult => ({ _tag: "Failed", httpStatus: undefined, message })

/** Sends an event to an endpoint once. */
export const sendDelivery = Effect.fnUntraced(function* (
  transport: TransportService,
  event: SentEvent,
  { url: text, secrets }: Pick<WebhookEndpoint, "url" | "secrets">,
  rules: DestinationRules
): Effect.fn.Return<AttemptResult> {
  const problem = destinationProblem(text, rules)
  if (problem !== undefined) return failed(`The endpoint's URL is not allowed: ${problem}.`)
  const body = bodyOf(event)
  const now = yield* Clock.currentTimeMillis
  const request = {
    method: "POST",
    url: new URL(text),
    headers: {
      "content-type": "application/json",
      "user-agent": "gentask-webhooks",
      ...signMessage({ eventId: event.id, now, body, secrets })
    },
    body
  } as const
  return yield* transport
    .send(
      request,
      { timeoutMs: attemptTimeoutMs, maxBytes: maxResponseBytes },
      { allowPrivate: rules.allowPrivate }
    )
    .pipe(
      Effect.match({
        onSuccess: ({ status }) => resultOf(status),
        onFailure: (error) => {
          if (error._tag === "ResponseTooLarge" && error.httpStatus !== undefined)
            return resultOf(error.httpStatus)
          return error.code === "PRIVATE_ADDRESS"
            ? failed("The endpoint's host resolves to an address that is not on the public internet.")
            : failed(`${error.message}.`)
        }
      })
    )
})
