/** How tasks are created. See https://docs.viraltok.ai/zh/api-reference/openapi.json */
import {
  accepted,
  defineModels,
  firstInstantAt,
  firstStringAt,
  orientationOf,
  readErrorDetail,
  rejected,
  renameInputs,
  supportedInputsOf,
  unknownOutcome,
  withoutTaskId
} from "@gentask/core/provider"
import type {
  DefinedModels,
  InputNames,
  ResponseHead,
  SubmitOperation,
  SubmitOutcome,
  SubmitRequest
} from "@gentask/core/provider"
import { errorOf, isAboutCredit, prefix } from "./codes.ts"
import { findRoute, models as table, namesOf } from "./models/routes.ts"
import { envelope } from "./wire.ts"
import type { JimmyEnvelope } from "./wire.ts"

/** The models that `jimmy.models` has. */
export type JimmyModels = DefinedModels<typeof table>

export const models: JimmyModels = defineModels(table)

/** The vendor has no such model or parameter, whatever the code is. */
const aboutInput = /不支持的模型参数|配置不存在|请改用/

/**
 * Decodes a response without a task. Codes mean the same with any HTTP status but that of a server error.
 *
 * @returns Undefined if the code is not documented.
 */
const decodeError = (body: JimmyEnvelope, { status }: ResponseHead): SubmitOutcome | undefined => {
  const reason = errorOf(body)
  if (reason !== undefined) {
    // The vendor does not document whether a server error leaves a task behind.
    return reason._tag === "Unavailable" || status >= 500 ? unknownOutcome(reason) : rejected(reason)
  }
  // A timeout, a conflict or a server error may leave a task behind, whatever its message is.
  if (status >= 500 || [408, 409, 425].includes(status)) return undefined
  const detail = readErrorDetail(body)
  if (aboutInput.test(detail.message ?? "")) return rejected({ _tag: "InvalidRequest", ...detail })
  return isAboutCredit(detail.message) ? rejected({ _tag: "InsufficientCredits", ...detail }) : undefined
}

const decode = (body: JimmyEnvelope, head: ResponseHead, { model }: SubmitRequest): SubmitOutcome => {
  const task = body.data ?? body
  // The vendor's own client reads both names. An id beside an error may be that of the request.
  const id = firstStringAt(body, "data.task_id", "data.id", "task_id")
  if (id !== undefined) {
    return accepted(
      { id, params: { kind: findRoute(model)?.kind ?? "video" } },
      {
        rawStatus: firstStringAt(task, "status"),
        model: firstStringAt(task, "model"),
        createdAt: firstInstantAt(task, "created_at")
      }
    )
  }
  return decodeError(body, head) ?? withoutTaskId(body, "data.task_id")
}

const withOrientation = (input: Record<string, unknown>, names: InputNames): Record<string, unknown> =>
  names.aspectRatio === "orientation" && typeof input["orientation"] === "string"
    ? { ...input, orientation: orientationOf(input["orientation"]) }
    : input

const pathOf = ({ model, input }: SubmitRequest): string => {
  const path = findRoute(model)?.path
  if (path === undefined) {
    throw new Error(
      `Invalid model "${model}": Jimmy AI has a path for each family, and that of this model is not known.`
    )
  }
  const images = input["images"]
  const hasImages = input["first_frame_url"] !== undefined || (Array.isArray(images) && images.length > 0)
  return path === "/veo/videos" && hasImages ? "/veo/frames" : path
}

export const submit: SubmitOperation<unknown, JimmyEnvelope> = {
  models,
  supportedInputs: (model) => supportedInputsOf(namesOf(model)),
  toInput: (input, model) => {
    const names = namesOf(model)
    return withOrientation(renameInputs(input, names), names)
  },
  request: (request) => {
    if (request.webhook !== undefined) throw new Error("Unsupported webhook: Jimmy AI documents none.")
    return {
      method: "POST",
      path: `${prefix}${pathOf(request)}`,
      body: { model: request.model, ...request.input }
    }
  },
  response: envelope,
  decode,
  decodeError
}
