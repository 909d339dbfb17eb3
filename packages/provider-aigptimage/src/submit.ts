/** How tasks are created. See https://aigptimage.com/docs/tasks/create-task and https://docs.kie.ai */
import {
  accepted,
  firstStringAt,
  readErrorDetail,
  rejected,
  renameInputs,
  retryable,
  supportedInputsOf,
  unknownOutcome
} from "@gentask/core/provider"
import type { ResponseHead, SubmitOperation, SubmitOutcome, SubmitRequest } from "@gentask/core/provider"
import { codeOf, reasonOf } from "./errorReason.ts"
import { isVeo } from "./models/veo.ts"
import { models, namesOf } from "./models/table.ts"
import { activeTaskLimit, submitLimits } from "./settings.ts"
import type { ValidSettings } from "./settings.ts"
import { generationTypeOf, paramsOf } from "./veo.ts"
import { envelope } from "./wire.ts"
import type { AigptimageEnvelope } from "./wire.ts"

/** Codes with which both vendors have created nothing. 455 is kie.ai's maintenance, and 505 its disabled features. */
const rejections: ReadonlySet<string> = new Set([
  "400",
  "401",
  "402",
  "403",
  "404",
  "422",
  "433",
  "455",
  "505"
])

/**
 * Decodes a response without a task.
 *
 * @returns Undefined if the code says nothing.
 */
const decodeError = (body: AigptimageEnvelope, { status }: ResponseHead): SubmitOutcome | undefined => {
  const code = codeOf(body)
  const reason = reasonOf(body)
  if (reason === undefined) return undefined
  // "Rejected requests do not enter the generation queue", say both vendors. The gateway in front of them says no such thing.
  if (code === "429") return status === 200 || status === 429 ? retryable(reason) : undefined
  // A 404 is about the model.
  const { _tag: tag, ...detail } = reason
  if (rejections.has(code) && status < 500)
    return rejected(tag === "TaskNotFound" ? { ...detail, _tag: "InvalidRequest" } : reason)
  return unknownOutcome(reason)
}

const decode = (body: AigptimageEnvelope, head: ResponseHead, { model }: SubmitRequest): SubmitOutcome => {
  const id = firstStringAt(body, "data.taskId", "data.task_id", "taskId")
  if (id !== undefined) return accepted({ id, params: paramsOf(model) })
  const { message = "The response has no task id" } = readErrorDetail(body)
  return (
    decodeError(body, head) ??
    unknownOutcome({ _tag: "UnexpectedResponse", path: "data.taskId", code: codeOf(body), message })
  )
}

export const submit: SubmitOperation<ValidSettings, AigptimageEnvelope> = {
  models,
  supportedInputs: (model) => supportedInputsOf(namesOf(model)),
  toInput: (input, model) => {
    const renamed = renameInputs(input, namesOf(model))
    return isVeo(model) ? { ...renamed, generationType: generationTypeOf(input, renamed) } : renamed
  },
  request: ({ model, input, webhook }, { vendor }) => {
    if (webhook !== undefined && vendor === "aigptimage") {
      throw new Error("Unsupported webhook: aigptimage.com documents none.")
    }
    const callback = webhook === undefined ? {} : { callBackUrl: webhook.url }
    if (isVeo(model)) {
      if (vendor === "aigptimage") throw new Error(`Unsupported model "${model}": only kie.ai has it.`)
      return { method: "POST", path: "/api/v1/veo/generate", body: { model, ...callback, ...input } }
    }
    return { method: "POST", path: "/api/v1/jobs/createTask", body: { model, ...callback, input } }
  },
  response: envelope,
  decode,
  decodeError,
  idempotency: ({ vendor }) =>
    vendor === "kie"
      ? undefined
      : {
          header: "x-request-id",
          kind: "replay",
          docs: "https://aigptimage.com/docs/tasks/create-task"
        },
  rateLimits: submitLimits,
  maxActiveTasks: activeTaskLimit
}
