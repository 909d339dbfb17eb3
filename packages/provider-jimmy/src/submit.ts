/** How tasks are created. See https://docs.viraltok.ai/zh/api-reference/openapi.json */
import {
  accepted,
  defineModels,
  firstInstantAt,
  firstStringAt,
  orientationOf,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { DefinedModels, InputNames, SubmitOperation, SubmitRequest } from "@gentask/core/provider"
import { findRoute, models as table, namesOf, prefix } from "./models/routes.ts"

/** The models that `jimmy.models` has. */
export type JimmyModels = DefinedModels<typeof table>

export const models: JimmyModels = defineModels(table)

const decode: SubmitOperation["decode"] = (body, _head, { model }) => {
  const task = body["data"] ?? body
  // The vendor's own client reads both names. An id beside an error may be that of the request.
  const id = firstStringAt(body, "data.task_id", "data.id", "task_id")
  if (id === undefined) return withoutTaskId(body, "data.task_id")
  return accepted(
    { id, params: { kind: findRoute(model)?.kind ?? "video" } },
    {
      rawStatus: firstStringAt(task, "status"),
      model: firstStringAt(task, "model"),
      createdAt: firstInstantAt(task, "created_at")
    }
  )
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

export const submit: SubmitOperation = {
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
  decode
}
