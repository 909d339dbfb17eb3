/**
 * `POST /v1beta/models/{model}:predictLongRunning`.
 *
 * Documented: the parameters and their values (https://ai.google.dev/gemini-api/docs/video). Read in @google/genai 2.32.0:
 * `sampleCount`, `encodedVideo` and `webhookConfig`. Invented: the texts of errors, that every model whose name begins with
 * `veo-` exists, and that `sampleCount` is at most 4.
 */
import * as z from "zod"
import { isRecord, parseObject } from "../../json.ts"
import { textIn } from "../../submit/bodyFields.ts"
import type { ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import { mebibyte } from "../../submit/VendorEndpoint.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { requestedMedia } from "../requestedMedia.ts"
import type { SubmitRoute, VendorRequest } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import type { Webhooks } from "./webhooks.ts"

const image = z.strictObject({
  bytesBase64Encoded: z.base64().min(1),
  mimeType: z.string().startsWith("image/")
})

const instance = z.looseObject({
  prompt: z.string().optional(),
  image: image.optional(),
  lastFrame: image.optional(),
  video: z
    .union([
      z.looseObject({ uri: z.string().regex(/\/files\/[a-z0-9]+/, "expected a file of the API") }),
      z.looseObject({ encodedVideo: z.base64().min(1), encoding: z.string().startsWith("video/") })
    ])
    .optional(),
  referenceImages: z
    .array(z.looseObject({ image, referenceType: z.string().regex(/^(?:asset|style)$/i) }))
    .max(3)
    .optional()
})

const parameters = z.looseObject({
  aspectRatio: z.enum(["16:9", "9:16"]).optional(),
  resolution: z.enum(["720p", "1080p", "4k"]).optional(),
  durationSeconds: z.coerce
    .number()
    .pipe(z.literal([4, 5, 6, 8]))
    .optional(),
  personGeneration: z.enum(["allow_all", "allow_adult", "dont_allow"]).optional(),
  sampleCount: z.int().min(1).max(4).optional()
})

const requestBody = z
  .looseObject({
    instances: z.tuple([instance]),
    parameters: parameters.optional(),
    webhookConfig: z.looseObject({ uris: z.array(z.url()) }).optional()
  })
  .superRefine(({ instances: [input], parameters: options }, context) => {
    if (input.prompt === undefined && input.image === undefined)
      context.addIssue("a prompt or an image is required")
    if (input.lastFrame !== undefined && input.image === undefined)
      context.addIssue("lastFrame requires an image")
    const needsEight =
      input.referenceImages !== undefined ||
      input.video !== undefined ||
      /^(?:1080p|4k)$/.test(options?.resolution ?? "")
    if (needsEight && (options?.durationSeconds ?? 8) !== 8) context.addIssue("durationSeconds must be 8")
  })

const invalid = (message: string): { readonly rejection: WireResponse } => ({
  rejection: errors.error(400, { message })
})

const parse = (
  { body: text, params }: VendorRequest,
  webhooks: Webhooks
): ParsedSubmit | { readonly rejection: WireResponse } => {
  const model = params["model"] ?? ""
  if (!model.startsWith("veo-")) {
    const message = `models/${model} is not found for API version v1beta, or is not supported for predictLongRunning.`
    return { rejection: errors.error(404, { message }) }
  }
  const body = parseObject(text)
  if (body === undefined) return invalid("Invalid JSON payload received.")
  const parsed = requestBody.safeParse(body)
  if (!parsed.success) return invalid(z.prettifyError(parsed.error))
  const { sampleCount = 1 } = parsed.data.parameters ?? {}
  const prompt = textIn(parsed.data.instances[0], "prompt")
  const uri = parsed.data.webhookConfig?.uris[0]
  return {
    body,
    task: {
      model,
      kind: "video",
      ...(prompt !== undefined && { prompt }),
      ...requestedMedia(sampleCount, 4, "mp4"),
      data: isRecord(body["parameters"]) ? { parameters: body["parameters"] } : {}
    },
    callback: uri === undefined ? undefined : webhooks.callbackTo(uri),
    accepted: ({ id }) => jsonResponse(200, { name: id })
  }
}

/** The route that creates videos. */
export const submitRoute = (webhooks: Webhooks): SubmitRoute => ({
  purpose: "submit",
  method: "POST",
  path: /^\/v1beta\/models\/(?<model>[^/:]+):predictLongRunning$/,
  maxBodySize: 64 * mebibyte,
  parse: (request) => parse(request, webhooks)
})
