/** How tasks are created. See https://www.volcengine.com/docs/82379/1520757 */
import {
  accepted,
  contentParts,
  embedFiles,
  firstStringAt,
  pickInputs,
  renameInputs,
  valueAt,
  withoutTaskId
} from "@gentask/core/provider"
import type { RequestSpec, SubmitOperation, SubmitRequest } from "@gentask/core/provider"
import { createsImages, decodeImages, imageRequest } from "./images.ts"
import { inputsOf, isImageModel, models } from "./models/table.ts"

/** The path of the collection of tasks. */
export const tasksPath = "/contents/generations/tasks"

const requestId = /^02\d{12}[0-9a-f]+$/i

const decode: SubmitOperation["decode"] = (body, _head, request) => {
  const isImage = createsImages(request)
  const named = firstStringAt(body, "id")
  // An error may have the id of the request, which begins with its time.
  const id = body["error"] != null && requestId.test(named ?? "") ? undefined : named
  const outcome = isImage ? decodeImages(body, request) : id === undefined ? undefined : accepted({ id })
  if (outcome !== undefined) return outcome
  const [path, message] = isImage
    ? ["data", "The response has no images"]
    : ["id", "The response has no task id"]
  return withoutTaskId(body, path, message)
}

/** Places the file of a part into the body. The vendor has no upload, and reads videos from URLs only. */
const embedded = (part: unknown): unknown =>
  valueAt(part, "type") === "video_url" ? part : embedFiles(part, "data-url")

const videoRequest = ({ model, input, webhook }: SubmitRequest): RequestSpec => ({
  method: "POST",
  path: tasksPath,
  body: {
    model,
    ...input,
    ...(Array.isArray(input["content"]) ? { content: input["content"].map(embedded) } : {}),
    ...(webhook === undefined ? {} : { callback_url: webhook.url })
  }
})

export const submit: SubmitOperation = {
  models,
  supportedInputs: inputsOf,
  toInput: (common, model) => {
    if (isImageModel(model))
      return renameInputs(common, { prompt: "prompt", images: "image", resolution: "size" })
    const content = contentParts(pickInputs(common, inputsOf(model)))
    return {
      ...(content.length === 0 ? {} : { content }),
      ...renameInputs(common, {
        aspectRatio: "ratio",
        resolution: "resolution",
        duration: "duration",
        seed: "seed"
      })
    }
  },
  request: (request) => (createsImages(request) ? imageRequest(request) : videoRequest(request)),
  decode
}
