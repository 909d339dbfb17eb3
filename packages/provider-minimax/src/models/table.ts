/**
 * The current models, from the OpenAPI documents in the pages of https://platform.minimax.io/docs (MIT), read on 2026-10-03.
 * Every other model is passed on. They are not generated: no copy of the documents was found (2026-11-27), the types in the
 * vendor's `mmx-cli` have no license, `minimax-mcp-js` (MIT) has no types of videos, and the AI SDK lists two names.
 */
import { defineModels, lazySchema } from "@gentask/core/provider"
import type { DefinedModels } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"

const docs = (page: string): string =>
  `https://platform.minimax.io/docs/api-reference/video-generation-${page}`

/** An image of the first API, in the body. */
const embeddedImage = mediaInput("image", { maxMegabytes: 20 })

const role = (...roles: ReadonlyArray<string>) => z.enum(roles)

const text = z.strictObject({ type: z.literal("text"), text: z.string().min(1).max(7000) })

const imageItem = (...roles: ReadonlyArray<string>) =>
  z.strictObject({
    type: z.literal("image_url"),
    image_url: z.strictObject({ url: mediaInput("image", { maxMegabytes: 30 }) }),
    role: role(...roles).optional()
  })

const videoItem = z.strictObject({
  type: z.literal("video_url"),
  video_url: z.strictObject({ url: mediaInput("video", { maxMegabytes: 50 }) }),
  role: role("reference_video")
})

const audioItem = z.strictObject({
  type: z.literal("audio_url"),
  audio_url: z.strictObject({ url: mediaInput("audio", { maxMegabytes: 15 }) }),
  role: role("reference_audio")
})

type Content = ReadonlyArray<{ readonly type: string; readonly role?: string | undefined }>

const isFrame = (name: string | undefined): boolean => name === undefined || name.endsWith("_frame")

/** What the vendor says about the items of `content`. */
const consistent = (content: Content): boolean => {
  const media = content.filter(({ type }) => type !== "text")
  const frames = media.filter(({ role: name }) => isFrame(name))
  return (frames.length === 0 || frames.length === media.length) && frames.length <= 2
}

const h3 = (item: z.ZodType<Content[number]>, resolutions: ReadonlyArray<string>, minSeconds: number) =>
  lazySchema(() =>
    z
      .strictObject({
        content: z
          .array(item)
          .refine((content) => content.filter(({ type }) => type === "text").length === 1, "needs one text")
          .refine(consistent, "cannot combine frames with references"),
        resolution: z.enum(resolutions),
        duration: z.int().min(minSeconds).max(15),
        ratio: z.enum(["adaptive", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"]).optional(),
        extra: z.looseObject({}).optional(),
        aigc_watermark: z.boolean().optional(),
        callback_url: z.string().optional()
      })
      .refine(
        ({ content, ratio = "adaptive" }) =>
          ratio !== "adaptive" || content.some(({ type }) => type !== "text"),
        { path: ["ratio"], message: "is required for a video from text" }
      )
  )

const frameItem = z.discriminatedUnion("type", [text, imageItem("first_frame", "last_frame")])

const anyItem = z.discriminatedUnion("type", [
  text,
  imageItem("first_frame", "last_frame", "reference_image"),
  videoItem,
  audioItem
])

const first = {
  prompt_optimizer: z.boolean().optional(),
  fast_pretreatment: z.boolean().optional(),
  aigc_watermark: z.boolean().optional(),
  callback_url: z.string().optional()
}

const prompt = z.string().max(2000)

/** 10 seconds are not possible with 1080P. */
const shortAt1080p = <Schema extends z.ZodType<{ duration?: unknown; resolution?: unknown }>>(
  schema: Schema
): Schema =>
  schema.refine(({ duration, resolution }) => duration !== 10 || resolution !== "1080P", {
    path: ["duration"],
    message: "must be 6 with the resolution 1080P"
  })

const hailuo = (resolutions: ReadonlyArray<string>, frames: z.ZodRawShape, isPromptRequired: boolean) =>
  lazySchema(() =>
    shortAt1080p(
      z.strictObject({
        prompt: isPromptRequired ? prompt : prompt.optional(),
        ...frames,
        duration: z.literal([6, 10]).optional(),
        resolution: z.enum(resolutions).optional(),
        ...first
      })
    )
  )

/** The common inputs of the second API. */
export const contentInputs = [
  "prompt",
  "images",
  "firstFrame",
  "lastFrame",
  "videos",
  "audios",
  "aspectRatio",
  "resolution",
  "duration"
] as const

/** The documented models, by name. */
const table = {
  "MiniMax-H3": {
    mediaKind: "video",
    supportedInputs: contentInputs,
    input: h3(anyItem, ["768P", "2K"], 4),
    docs: docs("v2-create")
  },
  "MiniMax-H3-Max": {
    mediaKind: "video",
    supportedInputs: ["prompt", "firstFrame", "lastFrame", "aspectRatio", "resolution", "duration"],
    input: h3(frameItem, ["480P", "768P"], 5),
    docs: docs("v2-create")
  },
  "MiniMax-Hailuo-2.3": {
    mediaKind: "video",
    supportedInputs: ["prompt", "firstFrame", "resolution", "duration"],
    input: hailuo(["768P", "1080P"], { first_frame_image: embeddedImage.optional() }, false),
    docs: docs("t2v")
  },
  "MiniMax-Hailuo-2.3-Fast": {
    mediaKind: "video",
    supportedInputs: ["prompt", "firstFrame", "resolution", "duration"],
    input: hailuo(["768P", "1080P"], { first_frame_image: embeddedImage }, false),
    docs: docs("i2v")
  },
  "MiniMax-Hailuo-02": {
    mediaKind: "video",
    supportedInputs: ["prompt", "firstFrame", "lastFrame", "resolution", "duration"],
    input: hailuo(
      ["512P", "768P", "1080P"],
      { first_frame_image: embeddedImage.optional(), last_frame_image: embeddedImage.optional() },
      false
    ),
    docs: docs("fl2v")
  },
  "S2V-01": {
    mediaKind: "video",
    supportedInputs: ["prompt", "images"],
    input: lazySchema(() =>
      z.strictObject({
        prompt: prompt.optional(),
        subject_reference: z
          .array(z.strictObject({ type: z.literal("character"), image: z.array(embeddedImage).length(1) }))
          .length(1),
        prompt_optimizer: z.boolean().optional(),
        callback_url: z.string().optional()
      })
    ),
    docs: docs("s2v")
  }
} as const

/** The models that `minimax.models` has. */
export type MinimaxModels = DefinedModels<typeof table>

export const models: MinimaxModels = defineModels(table)
