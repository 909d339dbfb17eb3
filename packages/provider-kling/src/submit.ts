/** How tasks are created. See https://kling.ai/document-api/api/video/3-0-omni/text-to-video */
import {
  accepted,
  embedFiles,
  firstInstantAt,
  firstStringAt,
  isJsonObject,
  withoutTaskId
} from "@gentask/core/provider"
import type { JsonObject, SubmitOperation, SubmitRequest } from "@gentask/core/provider"
import { models } from "./models/table.ts"
import { requireRoute, tasksPath } from "./route.ts"
import { supportedInputs, toInput } from "./toInput.ts"

/** The user's own id of a task, or the idempotency key. Both forms of the API return it with the task. */
export const externalIdOf = ({ input, idempotencyKey }: SubmitRequest): string =>
  firstStringAt(input, "external_task_id", "options.external_task_id") ?? idempotencyKey

/** Adds the id and the URL to notify, which the user's own input overrides. */
const toBody = (submit: SubmitRequest): JsonObject => {
  const { input, model, webhook } = submit
  const { path, modelName } = requireRoute(model)
  const common = {
    ...(webhook === undefined ? {} : { callback_url: webhook.url }),
    external_task_id: externalIdOf(submit)
  }
  if (path !== tasksPath)
    return { ...(modelName === undefined ? {} : { model_name: modelName }), ...common, ...input }
  const { options } = input
  if (options !== undefined && !isJsonObject(options)) return input
  return { ...input, options: { ...common, ...options } }
}

const decode: SubmitOperation["decode"] = (body, _head, { model }) => {
  const id = firstStringAt(body, "data.task_id", "data.id")
  if (id === undefined) return withoutTaskId(body, "data.task_id")
  const draft = {
    rawStatus: firstStringAt(body, "data.task_status", "data.status"),
    createdAt: firstInstantAt(body, "data.created_at", "data.create_time"),
    updatedAt: firstInstantAt(body, "data.updated_at", "data.update_time")
  }
  return accepted({ id, params: { path: requireRoute(model).path } }, draft)
}

export const submit: SubmitOperation = {
  models,
  supportedInputs,
  toInput,
  request: (request) => ({
    method: "POST",
    path: requireRoute(request.model).createPath,
    headers: { "content-type": "application/json" },
    // The vendor has no upload.
    // A video is read from a URL only.
    body: embedFiles(toBody(request), "base64", ({ mediaType }) => !mediaType.startsWith("video/"))
  }),
  decode,
  // "Must be unique per user". That a second request with the same id fails is inferred.
  idempotency: () => ({
    kind: "reject-duplicate",
    docs: "https://kling.ai/document-api/api/video/2-6/text-to-video"
  })
}
