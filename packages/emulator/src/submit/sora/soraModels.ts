/**
 * The models of `POST /v1/video/create`, and the fields of their bodies.
 *
 * Documented: the pages of yunwu.ai, Apertis, octopusx, fast-token, anyapi and aimanyi. The template marks all eight
 * fields of sora-2 as required, but Apertis only `model`, `prompt` and `images`, and yunwu's own examples omit more: the
 * emulator requires `model` and `prompt`.
 */
import { flag, integer, listOf, oneOf, oneOfNumbers, text } from "../bodyFields.ts"
import type { BodyFields, Fields } from "../bodyFields.ts"
import * as z from "zod"

/** A family of models with the same fields. */
export interface UnifiedModel {
  /** The family. */
  readonly family: "sora" | "veo" | "grok" | "jimeng" | "vidu"
  /** Matches the whole model id. */
  readonly pattern: RegExp
  /** The fields of its body. */
  readonly fields: BodyFields
}

// Documented as links. Some relays accept base64 and data URLs too.
const images = (max?: number): z.ZodType => listOf(text(), max)

const body = (optional: Fields): BodyFields => ({ required: { model: text(), prompt: text() }, optional })

const sora = (...durations: readonly number[]): BodyFields =>
  body({
    images: images(),
    orientation: oneOf("portrait", "landscape"),
    size: oneOf("small", "large"),
    duration: oneOfNumbers(...durations),
    watermark: flag,
    private: flag,
    // Apertis
    character_url: text(),
    character_timestamps: text(),
    // octopusx
    style: text(),
    storyboard: z.unknown()
  })

const veo = (maxImages: number | undefined, aspectRatio: boolean): BodyFields =>
  body({
    images: images(maxImages),
    enhance_prompt: flag,
    // A string in one copy of the page.
    enable_upsample: z.union([z.boolean(), z.string()]),
    ...(aspectRatio && { aspect_ratio: oneOf("16:9", "9:16") })
  })

/** The model families. The first one whose pattern matches applies. */
export const unifiedModels: readonly UnifiedModel[] = [
  { family: "sora", pattern: /^sora-2$/, fields: sora(10, 15) },
  { family: "sora", pattern: /^sora-2-pro$/, fields: sora(10, 15, 25) },
  { family: "veo", pattern: /^veo3-pro-frames$/, fields: veo(1, true) },
  { family: "veo", pattern: /^veo2-fast-frames$/, fields: veo(2, false) },
  { family: "veo", pattern: /^veo3(-fast)?-frames$/, fields: veo(2, true) },
  { family: "veo", pattern: /^veo2(-fast|-pro)-components$/, fields: veo(3, false) },
  { family: "veo", pattern: /^veo3\.1(-fast)?-components$/, fields: veo(3, true) },
  { family: "veo", pattern: /^veo2(-fast|-pro)?$/, fields: veo(undefined, false) },
  { family: "veo", pattern: /^veo3(-fast|-pro)?$/, fields: veo(undefined, true) },
  { family: "veo", pattern: /^veo3\.1(-fast|-pro|-4k|-pro-4k)?$/, fields: veo(undefined, true) },
  {
    family: "grok",
    pattern: /^grok-video-3$/,
    fields: body({ images: images(), aspect_ratio: oneOf("2:3", "3:2", "1:1"), size: oneOf("720P", "1080P") })
  },
  {
    family: "jimeng",
    pattern: /^jimeng-video-[23]\.0$/,
    fields: body({
      images: images(),
      aspect_ratio: oneOf("16:9", "9:16", "4:3", "3:4", "1:1", "21:9"),
      size: oneOf("720x1280", "1280x720", "1080P")
    })
  },
  {
    family: "vidu",
    pattern: /^vidu(q3-pro|q2-pro-fast|q2-pro|q2-turbo|q1|q1-classic|2\.0)$/,
    fields: body({
      images: images(),
      duration: integer(1),
      resolution: text(),
      aspect_ratio: text(),
      audio: flag,
      seed: integer(),
      voice_id: text(),
      is_rec: flag,
      bgm: flag,
      off_peak: flag,
      watermark: flag,
      wm_url: text()
    })
  }
]
