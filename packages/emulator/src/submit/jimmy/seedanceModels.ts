/**
 * Jimmy AI's Seedance models and the fields of their bodies.
 *
 * Documented: docs.jimmyai.cn and the vendor's own skills repository.
 */
import * as z from "zod"
import { exclusive, hasValue, integer, linkOrAsset, links, listOf, oneOf, text } from "../bodyFields.ts"
import type { BodyFields, BodyRule, Fields } from "../bodyFields.ts"
import { base } from "./JimmyModel.ts"
import type { JimmyModel } from "./JimmyModel.ts"

const audioNeedsMedia: BodyRule = (body) =>
  hasValue(body, "reference_audios") &&
  !["images", "first_image", "last_image", "reference_videos"].some((name) => hasValue(body, name))
    ? "reference_audios require an image or a video"
    : undefined

const seedance = (durations: readonly [number, number], optional: Fields = {}): BodyFields => ({
  required: base,
  optional: {
    duration: integer(...durations),
    resolution: oneOf("480p", "720p", "1080p"),
    ratio: oneOf("16:9", "9:16", "1:1"),
    images: listOf(linkOrAsset),
    first_image: linkOrAsset,
    last_image: linkOrAsset,
    reference_videos: listOf(linkOrAsset),
    reference_audios: listOf(linkOrAsset),
    ...optional
  },
  rules: [exclusive(["images"], ["first_image", "last_image"]), audioNeedsMedia]
})

const asset = z.string().regex(/^asset:\/\//, "expected asset://{assetId}")

const seedancePath = ["/seedance/videos"]

/** The Seedance families. */
export const seedanceModels: readonly JimmyModel[] = [
  {
    pattern: /^sd2_mx_.+$/,
    paths: seedancePath,
    fields: seedance([4, 15], {
      images: listOf(asset),
      first_image: asset,
      last_image: asset,
      reference_videos: listOf(asset),
      reference_audios: listOf(asset)
    })
  },
  {
    pattern: /^seedance2\.0-(fast-)?md$/,
    paths: seedancePath,
    fields: seedance([4, 15], {
      prompt: text(5000),
      resolution: oneOf("720p"),
      images: links(4),
      reference_videos: links(3),
      reference_audios: links(0)
    })
  },
  {
    pattern: /^seedance2\.0-fast-i2v$/,
    paths: seedancePath,
    fields: seedance([1, 15], { images: links(9) })
  },
  {
    pattern: /^seedance2\.0-std$/,
    paths: seedancePath,
    fields: seedance([4, 15], {
      ratio: oneOf("16:9", "9:16", "1:1", "4:3", "3:4", "21:9"),
      images: links(9),
      reference_audios: links(3)
    })
  },
  {
    pattern: /^(seedance2\.0-(sp|fast-sp|of-sp|of-fast-sp|mini|mini-video|mini-sp|gz-.+|933)|sd2-933-720p)$/,
    paths: seedancePath,
    fields: seedance([4, 15])
  },
  {
    pattern: /^(seedance-2\.5(-sp)?|seedance2\.5-gz)$/,
    paths: ["/seedance25/videos"],
    fields: seedance([4, 30], {
      images: listOf(linkOrAsset, 30),
      reference_videos: listOf(linkOrAsset, 10),
      reference_audios: listOf(linkOrAsset, 10)
    })
  }
]
