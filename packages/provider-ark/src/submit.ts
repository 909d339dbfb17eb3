/** How tasks are created. See https://www.volcengine.com/docs/82379/1520757 */
import {
  accepted,
  codeTable,
  contentParts,
  embedFiles,
  firstStringAt,
  jsonObject,
  pickInputs,
  readErrorDetail,
  rejected,
  renameInputs,
  retryable,
  valueAt,
  withoutTaskId
} from "@gentask/core/provider"
import type {
  JsonObject,
  RequestSpec,
  ResponseHead,
  SubmitOperation,
  SubmitOutcome,
  SubmitRequest
} from "@gentask/core/provider"
import { createsImages, decodeImages, imageRequest } from "./images.ts"
import { inputsOf, isImageModel, models } from "./models/table.ts"

/** The path of the collection of tasks. */
export const tasksPath = "/contents/generations/tasks"

/** Codes whose HTTP status says less. See https://www.volcengine.com/docs/82379/1299023 */
const codes = codeTable([
  { codes: ["AccountOverdueError", "SetLimitExceeded"], error: "InsufficientCredits" },
  { codes: ["ModelNotOpen"], error: "Forbidden" }
])

/** Limits that end with time: the vendor documents "please retry later" for a request that it did not carry out. */
const limits =
  /^(?:RateLimitExceeded\..+|(?:Model|API)Account\w+RateLimitExceeded|AccountRateLimitExceeded|RequestBurstTooFast|ServerOverloaded)$/

const decodeError = (body: JsonObject, { status }: ResponseHead): SubmitOutcome | undefined => {
  // A server error may leave a task behind, whatever its code is.
  if (status < 400 || status >= 500) return undefined
  const detail = readErrorDetail(body)
  const { code = "" } = detail
  const tag = codes(code)?.error
  if (tag !== undefined) return rejected({ _tag: tag, ...detail })
  return status === 429 && limits.test(code) ? retryable({ _tag: "RateLimited", ...detail }) : undefined
}

const requestId = /^02\d{12}[0-9a-f]+$/i

const decode = (body: JsonObject, _head: ResponseHead, request: SubmitRequest): SubmitOutcome => {
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

export const submit: SubmitOperation<unknown, JsonObject> = {
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
  response: jsonObject,
  decode,
  decodeError
}
