/**
 * Jimeng's service identifiers and the fields of each.
 *
 * Documented: the pages below volcengine.com/docs/85621. Fields of identifiers without a documented table (tiled
 * images, material extraction, translation, pippit agents, and those of relays only) are not checked.
 */
import {
  flag,
  hasValue,
  integer,
  link,
  links,
  lookUp,
  number,
  oneOf,
  oneOfNumbers,
  text
} from "../bodyFields.ts"
import type { BodyFields, BodyRule, Fields } from "../bodyFields.ts"
import { imageLinks, images, noImages, optionalImage } from "./inputImages.ts"
import type { ImageFields } from "./inputImages.ts"

/** A service of Jimeng. */
export interface JimengService {
  /** What it makes. */
  readonly kind: "image" | "video"
  /** The action that submits to it. */
  readonly action: "CVSync2AsyncSubmitTask" | "CVSubmitTask"
  /** The fields of its body. */
  readonly fields: BodyFields
  /** Whether `callback_url` is documented. */
  readonly hasCallback?: boolean
}

const together =
  (one: string, other: string): BodyRule =>
  (body) =>
    hasValue(body, one) === hasValue(body, other) ? undefined : `${one} and ${other} must be given together`

const widthAndHeight = together("width", "height")

const service = (
  kind: JimengService["kind"],
  required: Fields,
  optional: Fields,
  { fields, rules }: ImageFields,
  more: readonly BodyRule[] = []
): JimengService => ({
  kind,
  action: "CVSync2AsyncSubmitTask",
  fields: {
    required: { req_key: text(), ...required },
    optional: { ...fields, ...optional },
    rules: [...rules, ...more]
  }
})

const prompt = text(800)
const seed = integer()
const ratio = number(0, Number.MAX_VALUE)

const image40: Fields = {
  size: integer(1024 ** 2, 4096 ** 2),
  width: integer(1),
  height: integer(1),
  force_single: flag,
  min_ratio: ratio,
  max_ratio: ratio
}

const textToImage = service(
  "image",
  { prompt },
  { use_pre_llm: flag, seed, width: integer(512, 2048), height: integer(512, 2048) },
  noImages,
  [widthAndHeight]
)

const frames = oneOfNumbers(121, 241)
const aspectRatio = oneOf("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")

const textToVideo = service("video", { prompt }, { seed, frames, aspect_ratio: aspectRatio }, noImages)
const firstFrame = service("video", { prompt }, { seed, frames }, images(1))
const firstAndLastFrame = service("video", { prompt }, { seed, frames }, images(2))

const templates =
  "hitchcock_dolly_in hitchcock_dolly_out robo_arm dynamic_orbit central_orbit crane_push quick_pull_back counterclockwise_swivel clockwise_swivel handheld rapid_push_pull"

const recamera = service(
  "video",
  { prompt, template_id: oneOf(...templates.split(" ")), camera_strength: oneOf("weak", "medium", "strong") },
  { seed, frames },
  images(1)
)

const omniHuman: JimengService = {
  ...service(
    "video",
    { image_url: link, audio_url: link },
    {
      mask_url: links(),
      seed,
      prompt: text(300),
      output_resolution: oneOfNumbers(720, 1080),
      pe_fast_mode: flag
    },
    noImages
  ),
  action: "CVSubmitTask"
}

const unchecked = (kind: JimengService["kind"]): JimengService => service(kind, {}, {}, noImages)

const services: Readonly<Record<string, JimengService>> = {
  jimeng_t2i_v40: service("image", { prompt }, { ...image40, scale: number(0, 1) }, imageLinks(10), [
    widthAndHeight
  ]),
  jimeng_seedream46_cvtob: {
    ...service(
      "image",
      { prompt },
      {
        ...image40,
        scale: integer(1, 100),
        callback_url: link,
        return_url: flag,
        logo_info: text(),
        aigc_meta: text()
      },
      imageLinks(14),
      [widthAndHeight]
    ),
    hasCallback: true
  },
  jimeng_t2i_v30: textToImage,
  jimeng_t2i_v31: textToImage,
  jimeng_i2i_v30: service(
    "image",
    { prompt },
    { seed, scale: number(0, 1), width: integer(512, 2016), height: integer(512, 2016) },
    images(1),
    [widthAndHeight]
  ),
  jimeng_image2image_dream_inpaint: service("image", { prompt }, { seed }, images(2)),
  jimeng_i2i_seed3_tilesr_cvtob: service(
    "image",
    { image_urls: links(1, 1) },
    { resolution: oneOf("4k", "8k"), scale: number(0, 100) },
    noImages
  ),
  jimeng_i2i_extract_tiled_images: unchecked("image"),
  i2i_material_extraction: unchecked("image"),
  jimeng_ti2v_v30_pro: service(
    "video",
    {},
    { prompt, seed, frames, aspect_ratio: aspectRatio },
    optionalImage
  ),
  jimeng_t2v_v30: textToVideo,
  jimeng_t2v_v30_1080p: textToVideo,
  jimeng_t2v_v30_720p: textToVideo,
  jimeng_i2v_first_v30: firstFrame,
  jimeng_i2v_first_v30_1080: firstFrame,
  jimeng_i2v_first_tail_v30: firstAndLastFrame,
  jimeng_i2v_first_tail_v30_1080: firstAndLastFrame,
  jimeng_i2v_recamera_v30: recamera,
  jimeng_dream_actor_m1_gen_video_cv: unchecked("video"),
  jimeng_dreamactor_m20_gen_video: {
    ...service(
      "video",
      { video_url: link },
      { cut_result_first_second_switch: flag, callback_url: link },
      images(1)
    ),
    hasCallback: true
  },
  jimeng_realman_avatar_picture_omni_v15: omniHuman,
  video_translate_v2_cvtob: unchecked("video"),
  jimeng_vgfm_i2v_l20: unchecked("video"),
  jimeng_i2v_v30: unchecked("video")
}

/** Returns the service of a `req_key`, or undefined for an unknown one. */
export const jimengService = (reqKey: string): JimengService | undefined => {
  const known = lookUp(services, reqKey)
  if (known !== undefined) return known
  if (/^pippit_iv2v_\w+$/.test(reqKey)) return unchecked("video")
  return /^jimeng_realman_avatar_\w+_omni_v15$/.test(reqKey)
    ? { ...unchecked("video"), action: "CVSubmitTask" }
    : undefined
}
