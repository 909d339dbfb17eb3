/**
 * Images, whose submit responds with the result. The vendor has no task for it, so the ref has the key of the submit. See
 * https://www.volcengine.com/docs/82379/1541523
 */
import {
  accepted,
  amountAt,
  embedFiles,
  firstInstantAt,
  firstStringAt,
  readErrorDetail,
  valueAt
} from "@gentask/core/provider"
import type { JsonObject, RequestSpec, SubmitOutcome, SubmitRequest } from "@gentask/core/provider"
import { isImageModel } from "./models/table.ts"

/** Whether a submit creates images. The name of an endpoint does not show what it creates, but its input does. */
export const createsImages = ({ model, input }: Pick<SubmitRequest, "model" | "input">): boolean =>
  isImageModel(model) ||
  (!/seedance/i.test(model) && input["content"] === undefined && input["prompt"] !== undefined)

export const imageRequest = ({ model, input, webhook }: SubmitRequest): RequestSpec => {
  if (webhook !== undefined) throw new Error("Unsupported webhook: the response is the result.")
  if (input["stream"] === true) throw new Error("Unsupported stream: the response must be JSON.")
  return {
    method: "POST",
    path: "/images/generations",
    body: { model, ...embedFiles(input, "data-url") }
  }
}

/**
 * Decodes the images.
 *
 * @returns Undefined if the response has none.
 */
export const decodeImages = (body: JsonObject, request: SubmitRequest): SubmitOutcome | undefined => {
  const data = valueAt(body, "data")
  if (!Array.isArray(data) || data.length === 0) return undefined
  const outputs = data.map((item) => ({
    kind: "image" as const,
    url: firstStringAt(item, "url"),
    base64: firstStringAt(item, "b64_json")
  }))
  const failures = data
    .map((item) => readErrorDetail(valueAt(item, "error")))
    .filter(({ code, message }) => code !== undefined || message !== undefined)
  const cost = amountAt(body, "usage.generated_images", "images")
  return accepted(
    { id: request.idempotencyKey, params: { kind: "image" } },
    {
      status: failures.length === data.length ? "failed" : "succeeded",
      model: firstStringAt(body, "model"),
      createdAt: firstInstantAt(body, "created"),
      completedAt: firstInstantAt(body, "created"),
      outputs,
      failure: failures[0],
      // Of several images, some may have failed.
      warnings: failures.map(
        ({ code = "no code", message = "no message" }) => `An image failed with ${code}: ${message}`
      ),
      cost: cost?.amount === 0 ? undefined : cost
    }
  )
}
