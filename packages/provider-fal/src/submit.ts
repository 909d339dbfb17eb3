/** How requests are submitted to the queue. See https://docs.fal.ai/documentation/model-apis/inference/queue */
import {
  accepted,
  firstStringAt,
  numberAt,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { SubmitOperation } from "@gentask/core/provider"
import { appOf, pathOf } from "./endpoint.ts"
import { models, namesOf } from "./models/table.ts"

const decode: SubmitOperation["decode"] = (body, _head, { model }) => {
  const id = firstStringAt(body, "request_id")
  if (id === undefined) return withoutTaskId(body, "request_id", "The response has no request id")
  return accepted(
    { id, params: { app: appOf(model) } },
    { rawStatus: "IN_QUEUE", queuePosition: numberAt(body, "queue_position") }
  )
}

export const submit: SubmitOperation = {
  models,
  supportedInputs: (model) => supportedInputsOf(namesOf(model)),
  toInput: (input, model) => renameInputs(input, namesOf(model)),
  request: ({ model, input, webhook }) => ({
    method: "POST",
    path: pathOf(model),
    ...(webhook === undefined ? {} : { query: { fal_webhook: webhook.url } }),
    body: input
  }),
  decode
}
