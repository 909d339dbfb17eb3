import { randomUUID } from "node:crypto"
import { ConfigurationError, SubmitOutcomeUnknown, SubmitRejected, UploadFailed } from "@gentask/core"
import type { SubmitInput, Submitted } from "@gentask/core"
import { unreportedSnapshot } from "@gentask/core/internal"
import { decodeSnapshot } from "@gentask/core/schema"
import { TrackerError } from "@gentask/tracker/client"
import type { SubmitJson, TaskJson, TrackerClient } from "@gentask/tracker/client"
import * as Effect from "effect/Effect"
import { errorMessage } from "../output/sanitize.ts"
import { reasonOf, reportedError } from "./queryErrors.ts"

/** Errors of a submit through a tracker. */
export type RemoteSubmitError = ConfigurationError | SubmitOutcomeUnknown | SubmitRejected | UploadFailed

interface SubmitIds {
  readonly account: string
  readonly model: string
  readonly idempotencyKey: string
}

const isSubmitError = (error: unknown): error is RemoteSubmitError =>
  error instanceof ConfigurationError ||
  error instanceof SubmitOutcomeUnknown ||
  error instanceof SubmitRejected ||
  error instanceof UploadFailed

/** Whether the tracker may have received the request. It submits what it has received. */
const mayBeQueued = ({ reason }: TrackerError): boolean =>
  reason === "Unreachable" || reason === "Unavailable" || reason === "OutcomeUnknown"

/** The error of a file that cannot be read. */
const unreadableInput = ({ account, model }: SubmitIds, message: string): ConfigurationError =>
  new ConfigurationError({
    reason: { _tag: "InvalidInput", account, model, problems: [{ path: "", message }] },
    message: `Invalid input for ${account} ${model}. Nothing was sent. ${message.replace(/\.$/, "")}.`
  })

const toSubmitError = (ids: SubmitIds, error: unknown): RemoteSubmitError => {
  const reported = reportedError(error)
  if (isSubmitError(reported)) return reported
  if (!(error instanceof TrackerError)) return unreadableInput(ids, errorMessage(error))
  const reason = reasonOf(error)
  if (mayBeQueued(error)) return new SubmitOutcomeUnknown({ ...ids, intent: null, lastError: reason })
  const failure = {
    reason: "invalid-input",
    code: null,
    message: error.message,
    requestId: null,
    canResubmit: null
  } as const
  return new SubmitRejected({ ...ids, intent: null, reason, failure })
}

/** Sends a submit, and describes the accepted one with the first snapshot of its task. */
const send = Effect.fnUntraced(function* (
  client: TrackerClient,
  ids: SubmitIds,
  request: (signal: AbortSignal) => Promise<SubmitJson>
): Effect.fn.Return<Submitted, RemoteSubmitError> {
  const submit = yield* Effect.tryPromise({ try: request, catch: (error) => toSubmitError(ids, error) })
  const { id, refs, idempotencyKey, isReplay } = submit
  const [ref = ""] = refs
  const snapshot = yield* Effect.match(
    Effect.tryPromise((signal) => client.get(ref, { signal })),
    {
      onSuccess: ({ snapshot: json }) =>
        json === null ? unreportedSnapshot(ref, "queued") : decodeSnapshot(json),
      // The task exists. Following it reports errors.
      onFailure: () => unreportedSnapshot(ref, "queued")
    }
  )
  return { ref, refs, snapshot, intent: id, idempotencyKey, isReplay, warnings: [] }
})

/** Creates a task through a tracker. */
export const submitRemotely = (
  client: TrackerClient,
  { idempotencyKey = randomUUID(), ...request }: SubmitInput
): Effect.Effect<Submitted, RemoteSubmitError> => {
  const { account, model } = request
  return send(client, { account, model, idempotencyKey }, (signal) =>
    client.submit(request, { idempotencyKey, signal })
  )
}

/** Lets a tracker submit its recorded request of a task again. */
export const retryRemotely = (
  client: TrackerClient,
  { ref, account, model }: Pick<TaskJson, "ref" | "account" | "model">
): Effect.Effect<Submitted, RemoteSubmitError> => {
  const idempotencyKey = randomUUID()
  return send(client, { account, model: model ?? "", idempotencyKey }, (signal) =>
    client.retry(ref, { idempotencyKey, signal })
  )
}
