/**
 * AI GPT Image: `POST /api/v1/jobs/createTask`.
 *
 * Documented: the body, `X-Request-ID`, the errors whose code is the HTTP status, the rate limits and their body
 * (aigptimage.com/docs). Invented: the error when too many tasks are active, and messages of validation errors.
 */

import { isRecord, parseObject } from "../../json.ts"
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { hasValue, links, lookUp, oneOf, problemIn, promptIn, text, textIn } from "../bodyFields.ts"
import type { BodyFields, BodyRule } from "../bodyFields.ts"
import type { ServiceEndpoints, SubmitEndpoint } from "../VendorEndpoint.ts"
import { mebibyte } from "../VendorEndpoint.ts"

const imageFields = ["input_urls", "image_urls", "image_input"]

// Documented: `input_urls` on one page, `image_urls` on the other, with the rest as alternatives.
const needsImages: BodyRule = (input) =>
  imageFields.some((name) => hasValue(input, name)) ? undefined : "input_urls is required"

const optional = {
  aspect_ratio: oneOf("auto", "1:1", "4:5", "3:4", "2:3", "16:9", "9:16", "21:9"),
  resolution: oneOf("1K", "2K", "4K"),
  quality: text(),
  output_format: text()
}

const models: Readonly<Record<string, BodyFields>> = {
  "gpt-image-2-text-to-image": { required: { prompt: text(20_000) }, optional },
  "gpt-image-2-image-to-image": {
    required: { prompt: text(20_000) },
    // Documented: "raw base64 and data: URLs are not supported".
    optional: { ...optional, input_urls: links(), image_urls: links(), image_input: links() },
    rules: [needsImages]
  }
}

const errorResponse = (status: number, msg: string, data: unknown = null): WireResponse =>
  jsonResponse(status, { code: status, msg, data })

const withDelay = (response: WireResponse, retryAfter: number | undefined): WireResponse =>
  retryAfter === undefined ? response : { ...response, retryAfter }

const createTask: SubmitEndpoint = {
  purpose: "submit",
  maxBodySize: mebibyte,
  idempotencyHeader: "x-request-id",
  parse: (request) => {
    const body = parseObject(request.body)
    if (body === undefined) return { rejection: errorResponse(400, "invalid request body") }
    const model = textIn(body, "model") ?? ""
    const fields = lookUp(models, model)
    if (fields === undefined) return { rejection: errorResponse(422, "model is not supported") }
    const { input } = body
    if (!isRecord(input)) return { rejection: errorResponse(422, "input is required") }
    const problem = problemIn(input, fields)
    if (problem !== undefined) return { rejection: errorResponse(422, problem) }
    return {
      body,
      task: { model, kind: "image", ...promptIn(input) },
      accepted: ({ id }) => jsonResponse(200, { code: 200, msg: "success", data: { taskId: id } })
    }
  }
}

/** AI GPT Image's endpoints. */
export const aigptimageEndpoints: ServiceEndpoints = {
  service: "aigptimage",
  errors: {
    unauthorized: () => errorResponse(401, "authentication failed"),
    // Documented: the delay is in the body.
    rateLimited: ({ retryAfter, limit, tier, windowSeconds }) =>
      withDelay(
        errorResponse(429, "rate limit exceeded", { retryAfter, limit, tier, windowSeconds }),
        retryAfter
      ),
    tooManyActive: () => errorResponse(429, "active task limit exceeded"),
    noCredit: () => errorResponse(402, "insufficient credits"),
    error: (status, code = status, retryAfter) =>
      withDelay(
        jsonResponse(status, {
          code,
          msg: status === 429 ? "rate limit exceeded" : statusTextOf(status).toLowerCase(),
          data: retryAfter === undefined ? null : { retryAfter }
        }),
        retryAfter
      )
  },
  find: ({ method, path, host }) =>
    method === "POST" && path === "/api/v1/jobs/createTask" && host !== "kie" ? createTask : undefined
}
