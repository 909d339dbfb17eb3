/** How tasks are created. See https://www.alibabacloud.com/help/en/model-studio/use-video-generation */
import {
  accepted,
  firstStringAt,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { SubmitOperation, SubmitRequest } from "@gentask/core/provider"
import { readResult } from "./decode.ts"
import { familyOf } from "./models/families.ts"
import type { Family } from "./models/families.ts"
import { models } from "./models/table.ts"

const decode: SubmitOperation["decode"] = (body, _head, request) => {
  const id = firstStringAt(body, "output.task_id")
  if (id !== undefined) return accepted({ id }, { rawStatus: firstStringAt(body, "output.task_status") })
  const result = readResult(body)
  if (familyOf(request.model)?.isSynchronous === true && result.outputs?.length)
    return accepted(
      { id: request.idempotencyKey, params: { sync: "true" } },
      { status: "succeeded", ...result }
    )
  return withoutTaskId(body, "output.task_id")
}

const requireFamily = (model: string): Family => {
  const family = familyOf(model)
  if (family !== undefined) return family
  throw new Error(
    `Invalid model "${model}": DashScope has a path for each family of models, and the name must show the family, such as wan2.7-t2v or qwen-image-plus.`
  )
}

/** A file that was uploaded. The vendor reads it only if a header says so. */
const hasUpload = (value: unknown): boolean =>
  typeof value === "string"
    ? value.startsWith("oss://")
    : typeof value === "object" && value !== null && Object.values(value).some(hasUpload)

const bodyOf = ({ model, input }: SubmitRequest, { members }: Family) => {
  const { input: ownInput, parameters: ownParameters, ...flat } = input
  const select = (isMember: boolean): Readonly<Record<string, unknown>> =>
    Object.fromEntries(Object.entries(flat).filter(([name]) => members.includes(name) === isMember))
  return {
    model,
    input: { ...select(true), ...(ownInput as object | undefined) },
    parameters: { ...select(false), ...(ownParameters as object | undefined) }
  }
}

export const submit: SubmitOperation = {
  models,
  supportedInputs: (model) => supportedInputsOf(familyOf(model)?.names ?? {}),
  toInput: (common, model) => {
    const family = requireFamily(model)
    return family.toInput?.(common) ?? renameInputs(common, family.names)
  },
  request: (request) => {
    if (request.webhook !== undefined)
      throw new Error(
        "Unsupported webhook: DashScope notifies a rule of EventBridge, which is set in the console."
      )
    const family = requireFamily(request.model)
    const body = bodyOf(request, family)
    return {
      method: "POST",
      path: `/api/v1/services/aigc${family.path}`,
      headers: {
        ...(family.isSynchronous === true ? {} : { "x-dashscope-async": "enable" }),
        ...(hasUpload(body) ? { "x-dashscope-ossresourceresolve": "enable" } : {})
      },
      body
    }
  },
  decode
}
