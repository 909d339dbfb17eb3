/** How requests are submitted to the queue. See https://docs.fal.ai/documentation/model-apis/inference/queue */
import { accepted, readErrorDetail, rejected, renameInputs, unknownOutcome } from "@gentask/core/provider"
import type {
  InputNames,
  ResponseHead,
  SubmitOperation,
  SubmitOutcome,
  SubmitRequest
} from "@gentask/core/provider"
import { appOf, pathOf } from "./endpoint.ts"
import { creditError, isLockedForCredit } from "./errors.ts"
import { models, namesOf } from "./models/table.ts"
import { submitted } from "./wire.ts"
import type { FalSubmitted } from "./wire.ts"

const decode = (body: FalSubmitted, _: ResponseHead, { model }: SubmitRequest): SubmitOutcome => {
  if (body.request_id == null || body.request_id.trim() === "") {
    const { message = "The response has no request id" } = readErrorDetail(body)
    return unknownOutcome({ _tag: "UnexpectedResponse", path: "request_id", message })
  }
  const position = body["queue_position"]
  return accepted(
    { id: body.request_id, params: { app: appOf(model) } },
    { rawStatus: "IN_QUEUE", queuePosition: typeof position === "number" ? position : undefined }
  )
}

/** Decodes the errors whose HTTP status means something else than usual. */
const decodeError = (body: FalSubmitted, { status }: ResponseHead): SubmitOutcome | undefined => {
  if (status === 403 && isLockedForCredit(body)) return rejected(creditError(body))
  // It is about the app.
  return status === 404 ? rejected({ _tag: "InvalidRequest", ...readErrorDetail(body) }) : undefined
}

export const submit: SubmitOperation<unknown, FalSubmitted> = {
  models,
  supportedInputs: (model) => Object.keys(namesOf(model)) as ReadonlyArray<keyof InputNames>,
  toInput: (input, model) => renameInputs(input, namesOf(model)),
  request: ({ model, input, webhook }) => ({
    method: "POST",
    path: pathOf(model),
    ...(webhook === undefined ? {} : { query: { fal_webhook: webhook.url } }),
    body: input
  }),
  response: submitted,
  decode,
  decodeError
}
