/** How tasks are created. See https://aigptimage.com/docs/tasks/create-task and https://docs.kie.ai */
import {
  accepted,
  firstStringAt,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { SubmitOperation } from "@gentask/core/provider"
import { isVeo } from "./models/veo.ts"
import { models, namesOf } from "./models/table.ts"
import { activeTaskLimit, submitLimits } from "./settings.ts"
import type { ValidSettings } from "./settings.ts"
import { generationTypeOf, paramsOf } from "./veo.ts"

export const submit: SubmitOperation<ValidSettings> = {
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
  decode: (body, _head, { model }) => {
    const id = firstStringAt(body, "data.taskId", "data.task_id", "taskId")
    return id === undefined ? withoutTaskId(body, "data.taskId") : accepted({ id, params: paramsOf(model) })
  },
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
