/**
 * `POST /api/v1/videos`.
 *
 * Documented: the fields and their values (the OpenAPI document of @openrouter/sdk). Invented: that a model's name has an
 * author, the texts of errors, that `callback_url` may be http on this machine, and 3 attempts of webhooks.
 */
import { createHmac, randomBytes } from "node:crypto"
import * as z from "zod"
import { parseObject } from "../../json.ts"
import type { CallbackMessage, ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import { mebibyte } from "../../submit/VendorEndpoint.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { SubmitRoute, VendorContext } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { eventAt, jobAt } from "./job.ts"

const media = z.object({ url: z.string().regex(/^(?:https?:\/\/|data:)/, "expected a URL") })
const image = z.object({ type: z.literal("image_url"), image_url: media })

const request = z.looseObject({
  model: z.string().regex(/^[^/]+\/[^/]+$/, "expected author/model"),
  prompt: z.string().min(1).optional(),
  aspect_ratio: z.enum(["16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9", "9:21"]).optional(),
  resolution: z.enum(["360p", "480p", "720p", "768p", "1080p", "1K", "2K", "4K"]).optional(),
  duration: z.int().min(1).optional(),
  seed: z.int().optional(),
  size: z
    .string()
    .regex(/^\d+x\d+$/)
    .optional(),
  generate_audio: z.boolean().optional(),
  callback_url: z.url().optional(),
  frame_images: z.array(image.extend({ frame_type: z.enum(["first_frame", "last_frame"]) })).optional(),
  input_references: z
    .array(
      z.union([
        image,
        z.object({ type: z.literal("video_url"), video_url: media }),
        z.object({ type: z.literal("audio_url"), audio_url: media })
      ])
    )
    .optional(),
  provider: z.looseObject({ options: z.record(z.string(), z.looseObject({})).optional() }).optional()
})

/** Documented: webhooks are signed if the workspace has a secret, which is the `key` of a script. */
const sign = ({ task, body, event, now, key, forged }: CallbackMessage): Readonly<Record<string, string>> => {
  const headers = { "x-openrouter-idempotency-key": `${task.id}-${event}` }
  if (key === undefined) return headers
  const timestamp = Math.floor(now / 1000)
  const secret = forged ? randomBytes(24) : key
  const signature = createHmac("sha256", secret).update(`${timestamp},${body}`).digest("hex")
  return { ...headers, "x-openrouter-signature": `t=${timestamp},v1=${signature}` }
}

const invalid = (message?: string): { readonly rejection: WireResponse } => ({
  rejection: errors.error(400, { message })
})

const parse = (text: string, context: VendorContext): ParsedSubmit | { readonly rejection: WireResponse } => {
  const body = parseObject(text)
  if (body === undefined) return invalid()
  const parsed = request.safeParse(body)
  if (!parsed.success) return invalid(z.prettifyError(parsed.error))
  const { model, prompt, callback_url, frame_images } = parsed.data
  // Documented: some models need no prompt beside an image.
  if (prompt === undefined && frame_images === undefined) return invalid("prompt is required")
  return {
    body,
    task: { model, kind: "video", ...(prompt !== undefined && { prompt }) },
    callback:
      callback_url === undefined
        ? undefined
        : { url: callback_url, body: (task, now) => eventAt(context, task, now), sign, attempts: 3 },
    accepted: (task) => jsonResponse(202, jobAt(context, task, task.addedAt))
  }
}

/** The route that creates videos. */
export const submitRoute = (context: VendorContext): SubmitRoute => ({
  purpose: "submit",
  method: "POST",
  path: /^\/api\/v1\/videos$/,
  maxBodySize: 64 * mebibyte,
  parse: ({ body }) => parse(body, context)
})
