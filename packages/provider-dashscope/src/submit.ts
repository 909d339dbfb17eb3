/** How tasks are created. See https://www.alibabacloud.com/help/en/model-studio/use-video-generation */
import {
  accepted,
  firstStringAt,
  jsonObject,
  rejected,
  renameInputs,
  retryable,
  supportedInputsOf,
  unexpectedResponse,
  unknownOutcome
} from "@gentask/core/provider"
import type {
  JsonObject,
  ResponseHead,
  SubmitOperation,
  SubmitOutcome,
  SubmitRequest
} from "@gentask/core/provider"
import { codes, readResult } from "./decode.ts"
import { familyOf } from "./models/families.ts"
import type { Family } from "./models/families.ts"
import { models } from "./models/table.ts"
import { errorDetail } from "./wire.ts"

/** Limits that end with time. Each has the message "please try again later". */
const limits: ReadonlySet<string> = new Set(["Throttling", "Throttling.RateQuota", "Throttling.BurstRate"])

const decodeError = (body: JsonObject, { status }: ResponseHead): SubmitOutcome | undefined => {
  // A server error may leave a task behind, whatever its code is.
  if (status < 400 || status >= 500) return undefined
  const detail = errorDetail(body)
  const tag = codes(detail.code)?.error
  if (tag !== undefined) return rejected({ _tag: tag, ...detail })
  if (status === 429 && limits.has(detail.code ?? "")) return retryable({ _tag: "RateLimited", ...detail })
  // The vendor does not know the model.
  return status === 404 ? rejected({ _tag: "InvalidRequest", ...detail }) : undefined
}

const decode = (body: JsonObject, _head: ResponseHead, request: SubmitRequest): SubmitOutcome => {
  const id = firstStringAt(body, "output.task_id")
  if (id !== undefined) return accepted({ id }, { rawStatus: firstStringAt(body, "output.task_status") })
  const result = readResult(body)
  if (familyOf(request.model)?.isSynchronous === true && result.outputs?.length)
    return accepted(
      { id: request.idempotencyKey, params: { sync: "true" } },
      { status: "succeeded", ...result }
    )
  return unknownOutcome({
    ...errorDetail(body),
    ...unexpectedResponse(body, "output.task_id", "The response has no task id")
  })
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

export const submit: SubmitOperation<unknown, JsonObject> = {
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
  response: jsonObject,
  decode,
  decodeError
}
