/**
 * kie.ai's video models and the input of each.
 *
 * Documented: the model pages of docs.kie.ai, 2026-08-19. Durations are texts for some models and integers for others.
 * Enumerations that are not listed here in full are texts.
 */
import * as z from "zod"
import {
  exclusive,
  flag,
  hasValue,
  integer,
  link,
  linkOrAsset,
  links,
  listOf,
  number,
  oneOf,
  text
} from "../bodyFields.ts"
import type { BodyFields, BodyRule, Fields } from "../bodyFields.ts"
import { hasAny } from "./kieImageModels.ts"

const input = (required: Fields, optional: Fields = {}, rules: readonly BodyRule[] = []): BodyFields => ({
  required,
  optional: { nsfw_checker: flag, ...optional },
  rules
})

const secondsFrom3To15 = Array.from({ length: 13 }, (_, index) => String(index + 3))
const anyList = z.array(z.unknown())

const lastNeedsFirst: BodyRule = (body) =>
  hasValue(body, "last_frame_url") && !hasValue(body, "first_frame_url")
    ? "last_frame_url requires first_frame_url"
    : undefined

const frames = { first_frame_url: linkOrAsset, last_frame_url: linkOrAsset }
const references = ["reference_image_urls", "reference_video_urls", "reference_audio_urls"]

const seedance2 = input(
  {},
  {
    prompt: text(20_000, 3),
    resolution: oneOf("480p", "720p", "1080p", "4k"),
    duration: integer(4, 15),
    aspect_ratio: text(),
    generate_audio: flag,
    ...frames,
    reference_image_urls: listOf(linkOrAsset, 9),
    reference_video_urls: listOf(linkOrAsset, 3),
    reference_audio_urls: listOf(linkOrAsset, 3)
  }
)

const seedance25Duration = z.int().refine((value) => value === -1 || (value >= 4 && value <= 30), {
  error: "expected -1 or 4 to 30"
})

const grok = {
  aspect_ratio: text(),
  mode: oneOf("fun", "normal", "spicy"),
  resolution: oneOf("480p", "720p", "1080p")
}

const hailuo = input(
  { prompt: text(), image_url: link },
  { duration: oneOf("6", "10"), resolution: oneOf("768P", "1080P") },
  [
    ({ duration, resolution }) =>
      duration === "10" && resolution === "1080P" ? "duration 10 does not support 1080P" : undefined
  ]
)

const minimax = { prompt: text(7000), duration: integer(4, 15) }
const minimaxResolution = { resolution: oneOf("768P", "2K") }
const kling26 = { prompt: text(1000), duration: oneOf("5", "10"), sound: flag }
const klingTurbo = {
  prompt: text(2500),
  duration: oneOf(...secondsFrom3To15),
  resolution: oneOf("720p", "1080p")
}
const omni = (required: Fields): BodyFields =>
  input(
    required,
    {
      prompt: text(3072),
      duration: integer(3, 15),
      resolution: oneOf("720p", "1080p", "4k"),
      audio: flag
    },
    [
      ({ customize_multi_shots: one, prefer_multi_shots: other }) =>
        one === true && other === true
          ? "customize_multi_shots and prefer_multi_shots cannot be used together"
          : undefined
    ]
  )
const wan = { duration: integer(2, 15), resolution: oneOf("720p", "1080p"), negative_prompt: text(500) }
const wanShared = { ...wan, prompt_extend: flag, seed: integer(), watermark: flag }

/** The inputs by model. */
export const kieVideoModels: Readonly<Record<string, BodyFields>> = {
  "topaz/video-upscale": input({ video_url: link }, { upscale_factor: oneOf("1", "2", "4") }),
  "bytedance/seedance-2": seedance2,
  "bytedance/seedance-2-fast": seedance2,
  "bytedance/seedance-2-mini": seedance2,
  "bytedance/seedance-2-5": input(
    {},
    {
      prompt: text(30_000),
      duration: seedance25Duration,
      ...frames,
      reference_image_urls: listOf(linkOrAsset, 30),
      reference_video_urls: listOf(linkOrAsset, 10),
      reference_audio_urls: listOf(linkOrAsset, 10),
      output_format: oneOf("mp4", "mov")
    },
    [exclusive(Object.keys(frames), references), lastNeedsFirst]
  ),
  "bytedance/seedance-1.5-pro": input(
    { prompt: text(), aspect_ratio: text(), duration: integer(4, 12) },
    { input_urls: links(2), resolution: text(), fixed_lens: flag, generate_audio: flag }
  ),
  "kling-2.6/text-to-video": input({ ...kling26, aspect_ratio: oneOf("1:1", "16:9", "9:16") }),
  "kling-2.6/image-to-video": input({ ...kling26, image_urls: links(1, 1) }),
  "kling-3.0/video": input(
    {
      prompt: text(),
      duration: oneOf(...secondsFrom3To15),
      mode: oneOf("std", "pro", "4K"),
      aspect_ratio: text(),
      sound: flag,
      multi_shots: flag,
      multi_prompt: listOf(z.unknown(), 5)
    },
    { image_urls: links(2), kling_elements: listOf(z.unknown(), 3) }
  ),
  "kling/v3-turbo-text-to-video": input({ ...klingTurbo, aspect_ratio: text() }),
  "kling/v3-turbo-image-to-video": input({ ...klingTurbo, image_urls: links(undefined, 1) }),
  "kling-3.0-omni/text-to-video": omni({ prompt: text(3072) }),
  "kling-3.0-omni/image-to-video": omni({ prompt: text(3072) }),
  "kling-3.0-omni/reference-to-video": omni({ prompt: text(3072) }),
  "kling-3.0-omni/transformation": omni({}),
  "kling/v2-5-turbo-image-to-video-pro": input(
    { prompt: text(), image_url: link },
    { tail_image_url: link, duration: oneOf("5", "10"), cfg_scale: number(0, 1), negative_prompt: text() }
  ),
  "kling-3.0/motion-control": input(
    { input_urls: links(undefined, 1), video_urls: links(undefined, 1) },
    {
      mode: oneOf("std", "pro")
    }
  ),
  "wan/2-7-text-to-video": input({ prompt: text(5000) }, { ...wanShared, ratio: text(), audio_url: link }),
  "wan/2-7-image-to-video": input(
    { prompt: text(5000) },
    {
      ...wanShared,
      first_frame_url: link,
      last_frame_url: link,
      first_clip_url: link,
      driving_audio_url: link
    }
  ),
  "wan/2-6-image-to-video": input(
    { prompt: text(), image_urls: links(1, 1) },
    { duration: oneOf("5", "10", "15"), multi_shots: flag }
  ),
  "grok-imagine/text-to-video": input({ prompt: text() }, { ...grok, duration: integer(6, 30) }),
  "grok-imagine/image-to-video": input(
    {},
    { ...grok, prompt: text(), duration: text(), image_urls: links(7), task_id: text(), index: integer(0) },
    [exclusive(["image_urls"], ["task_id", "index"])]
  ),
  "grok-imagine-video-1-5-preview": input(
    {},
    { prompt: text(4096), image_urls: links(7), duration: integer(1, 15), resolution: text() },
    [
      ({ image_urls: images, resolution }) =>
        resolution === "1080p" && Array.isArray(images) && images.length > 1
          ? "1080p supports one image only"
          : undefined
    ]
  ),
  "hailuo/2-3-image-to-video-pro": hailuo,
  "hailuo/2-3-image-to-video-standard": hailuo,
  "minimax-h3/text-to-video": input({ ...minimax, aspect_ratio: text() }, minimaxResolution),
  "minimax-h3/image-to-video": input(
    minimax,
    { ...minimaxResolution, first_frame_url: link, last_frame_url: link },
    [
      (body) =>
        hasAny(body, ["first_frame_url", "last_frame_url"])
          ? undefined
          : "first_frame_url or last_frame_url is required"
    ]
  ),
  "minimax-h3/reference-to-video": input(minimax, {
    ...minimaxResolution,
    reference_image_urls: links(9),
    reference_video_urls: links(3),
    reference_audio_urls: links(3)
  }),
  "gemini-omni-video": input(
    { prompt: text(), duration: oneOf("4", "6", "8", "10") },
    { resolution: text(), image_urls: links(7), video_list: anyList }
  ),
  "omnihuman-1-5": input({ image_url: link, audio_url: link }, { mask_url: links(5) })
}

/** The body of `POST /api/v1/veo/generate`. */
export const veoFields: BodyFields = {
  required: { prompt: text() },
  optional: {
    model: oneOf("veo3", "veo3_fast", "veo3_lite"),
    imageUrls: links(3, 1),
    generationType: oneOf("TEXT_2_VIDEO", "FIRST_AND_LAST_FRAMES_2_VIDEO", "REFERENCE_2_VIDEO"),
    aspect_ratio: oneOf("16:9", "9:16", "Auto"),
    resolution: oneOf("720p", "1080p", "4k"),
    duration: z.literal([4, 6, 8]),
    enableTranslation: flag,
    enableFallback: flag,
    seeds: integer(10_000, 99_999),
    watermark: text(),
    callBackUrl: link
  },
  rules: [
    ({ generationType, model = "veo3_fast", duration = 8 }) => {
      if (generationType !== "REFERENCE_2_VIDEO") return undefined
      if (model === "veo3") return "REFERENCE_2_VIDEO supports veo3_fast and veo3_lite only"
      return duration === 8 ? undefined : "REFERENCE_2_VIDEO supports a duration of 8 only"
    }
  ]
}
