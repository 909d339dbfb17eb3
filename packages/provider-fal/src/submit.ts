/** How requests are submitted to the queue. See https://docs.fal.ai/documentation/model-apis/inference/queue */
import {
  accepted,
  firstStringAt,
  jsonObject,
  numberAt,
  rejected,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type {
  JsonObject,
  ResponseHead,
  SubmitOperation,
  SubmitOutcome,
  SubmitRequest
} from "@gentask/core/provider"
import { appOf, pathOf } from "./endpoint.ts"
import { creditError, isLockedForCredit } from "./errors.ts"
import { models, namesOf } from "./models/table.ts"

const decode = (body: JsonObject, _: ResponseHead, { model }: SubmitRequest): SubmitOutcome => {
  const id = firstStringAt(body, "request_id")
  if (id === undefined) return withoutTaskId(body, "request_id", "The response has no request id")
  return accepted(
    { id, params: { app: appOf(model) } },
    { rawStatus: "IN_QUEUE", queuePosition: numberAt(body, "queue_position") }
  )
}

/** Decodes the error whose HTTP status means something else than usual. */
const decodeError = (body: JsonObject, { status }: ResponseHead): SubmitOutcome | undefined =>
  status === 403 && isLockedForCredit(body) ? rejected(creditError(body)) : undefined

export const submit: SubmitOperation<unknown, JsonObject> = {
  models,
  supportedInputs: (model) => supportedInputsOf(namesOf(model)),
  toInput: (input, model) => renameInputs(input, namesOf(model)),
  request: ({ model, input, webhook }) => ({
    method: "POST",
    path: pathOf(model),
    ...(webhook === undefined ? {} : { query: { fal_webhook: webhook.url } }),
    body: input
  }),
  response: jsonObject,
  decode,
  decodeError
}
