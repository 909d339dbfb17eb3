/**
 * Ark's images: the response to the submit is the result.
 *
 * Documented: the path, the fields and the response (https://www.volcengine.com/docs/82379/1541523). Invented: the size of
 * the images, the number of tokens, and that a single image that fails is an error response.
 */
import * as z from "zod"
import { isRecord, parseObject } from "../../json.ts"
import { flag, integer, oneOf, textIn } from "../../submit/bodyFields.ts"
import type { ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { stateAt } from "../../TaskState.ts"
import { listedResults } from "../../TaskView.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { requestedMedia } from "../requestedMedia.ts"
import { respondAtEnd } from "../taskProgress.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { arkError, invalidParameter } from "./errors.ts"

const image = z.string().regex(/^(?:https?:\/\/|data:image\/[a-z]+;base64,)/, "expected a URL or base64")

const schema = z.strictObject({
  model: z.string().min(1),
  prompt: z.string().min(1),
  image: z.union([image, z.array(image).min(1).max(14)]).optional(),
  size: z
    .string()
    .regex(/^(?:[1-4]K|\d+x\d+|adaptive)$/)
    .optional(),
  seed: integer(-1, 2 ** 31 - 1).optional(),
  guidance_scale: z.number().optional(),
  watermark: flag.optional(),
  response_format: oneOf("url", "b64_json").optional(),
  output_format: oneOf("png", "jpeg").optional(),
  sequential_image_generation: oneOf("auto", "disabled").optional(),
  sequential_image_generation_options: z.strictObject({ max_images: integer(1, 15).optional() }).optional(),
  optimize_prompt_options: z.strictObject({ mode: oneOf("standard", "fast") }).optional(),
  tools: z.array(z.looseObject({ type: z.string() })).optional(),
  stream: z.literal(false).optional()
})

/** The vendor chooses how many images up to the maximum a series has. Here it has the maximum. */
const maxImagesOf = (body: Readonly<Record<string, unknown>>): unknown => {
  const options = body["sequential_image_generation_options"]
  return body["sequential_image_generation"] === "auto" && isRecord(options) ? options["max_images"] : 1
}

const respond = ({ links }: VendorContext, task: EmulatedTask, now: number): WireResponse => {
  const { phase } = stateAt(task, now)
  if (phase !== "succeeded") {
    const message = "The request failed because the output image may contain sensitive information."
    return arkError(
      400,
      String(task.failure.code ?? "OutputImageSensitiveContentDetected"),
      failureMessage(task, phase, message)
    )
  }
  const isInline = task.data["response_format"] === "b64_json"
  const results = listedResults(task)
  return jsonResponse(200, {
    model: task.model,
    created: Math.floor(now / 1000),
    data: results.map(({ type, index }) => ({
      ...(isInline
        ? { b64_json: links.base64(task, type) }
        : { url: links.link(task, `${index}.${type}`, now) }),
      size: "2048x2048"
    })),
    usage: {
      generated_images: results.length,
      output_tokens: 16_384 * results.length,
      total_tokens: 16_384 * results.length
    }
  })
}

/** The route of images. */
export const imageRoute = (context: VendorContext): VendorRoute => ({
  purpose: "submit",
  method: "POST",
  path: /^\/images\/generations$/,
  maxBodySize: 64 * 1_048_576,
  parse: ({ body: text }: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(text)
    const issue = body === undefined ? undefined : schema.safeParse(body).error?.issues[0]
    if (body === undefined || issue !== undefined) {
      const name = issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : issue?.path.join(".")
      return { rejection: invalidParameter(`The parameter \`${name ?? "body"}\` is not valid.`) }
    }
    return {
      body,
      task: {
        kind: "image",
        model: textIn(body, "model") ?? "",
        prompt: textIn(body, "prompt") ?? "",
        ...requestedMedia(maxImagesOf(body), 15, "jpeg"),
        data: body
      },
      accepted: (task) =>
        respondAtEnd(task, Number.MAX_SAFE_INTEGER, (each, now) => respond(context, each, now))
    }
  }
})
