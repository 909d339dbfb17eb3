/**
 * The body of Ark's video submits.
 *
 * Documented: the fields, their values, the parts of `content` and their roles (https://www.volcengine.com/docs/82379/1520757).
 * Read in TanStack's BytePlus adapter, which called the vendor: an unknown field is an error, and frames exclude references.
 * Invented: which model supports which field is not checked, and the texts of most errors.
 */
import * as z from "zod"
import { flag, integer, oneOf } from "../../submit/bodyFields.ts"
import { isRecord } from "../../json.ts"

const url = z.string().regex(/^(?:https?:\/\/|asset:\/\/|data:)/, "expected a URL, an asset or base64")

const media = <const Name extends string>(name: Name, ...roles: readonly string[]) =>
  z.strictObject({
    type: z.literal(name),
    [name]: z.strictObject({ url }),
    role: z.enum(roles).optional()
  })

const part = z.union([
  z.strictObject({ type: z.literal("text"), text: z.string().min(1) }),
  media("image_url", "first_frame", "last_frame", "reference_image"),
  media("video_url", "reference_video"),
  media("audio_url", "reference_audio"),
  z.strictObject({ type: z.literal("draft_task"), draft_task: z.strictObject({ id: z.string() }) })
])

const schema = z.strictObject({
  model: z.string().min(1),
  content: z.array(part).min(1),
  ratio: oneOf("16:9", "9:16", "4:3", "3:4", "1:1", "21:9", "adaptive").optional(),
  resolution: z
    .string()
    .regex(/^(?:480p|720p|1080p|4k)$/i)
    .optional(),
  duration: integer(-1).optional(),
  frames: integer(29, 289).optional(),
  seed: integer(-1, 2 ** 32 - 1).optional(),
  camera_fixed: flag.optional(),
  watermark: flag.optional(),
  generate_audio: flag.optional(),
  service_tier: oneOf("default", "flex").optional(),
  return_last_frame: flag.optional(),
  draft: flag.optional(),
  priority: integer(0, 9).optional(),
  output_format: oneOf("mp4", "mov").optional(),
  execution_expires_after: integer(1).optional(),
  callback_url: z
    .string()
    .regex(/^https?:\/\//)
    .optional(),
  safety_identifier: z.string().max(64).optional(),
  tools: z.array(z.looseObject({ type: z.string() })).optional()
})

type Body = Readonly<Record<string, unknown>>

const partsOf = ({ content }: Body): readonly Body[] =>
  Array.isArray(content) ? content.filter((each): each is Body => isRecord(each)) : []

/** What is wrong with a body, or undefined. */
export const problemOf = (body: Body): string | undefined => {
  const issue = schema.safeParse(body).error?.issues[0]
  if (issue !== undefined) {
    const names = issue.code === "unrecognized_keys" ? issue.keys : issue.path
    return `The parameter \`${names.join(".")}\` specified in the request is not valid: ${issue.message}.`
  }
  const roles = partsOf(body).map(({ role }) => (typeof role === "string" ? role : ""))
  const hasFrame = roles.some((role) => role.endsWith("_frame"))
  if (hasFrame && roles.some((role) => role.startsWith("reference_")))
    return "first/last frame content cannot be mixed with reference media content."
  return undefined
}

/** The prompt of a body. */
export const promptOf = (body: Body): { readonly prompt?: string } => {
  const text = partsOf(body).find(({ type }) => type === "text")?.["text"]
  return typeof text === "string" ? { prompt: text } : {}
}
