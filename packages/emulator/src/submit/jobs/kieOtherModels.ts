/**
 * kie.ai's other models, whose input is not checked.
 *
 * Documented: the model pages of docs.kie.ai, 2026-08-19.
 */
import type { BodyFields } from "../bodyFields.ts"

const images = `
bytedance/seedream flux-2/flex-image-to-image flux-2/flex-text-to-image flux-2/pro-image-to-image google/imagen4
google/imagen4-fast google/imagen4-ultra gpt-image/1.5-image-to-image gpt-image/1.5-text-to-image
grok-imagine-image-2-0/image-edit grok-imagine/image-to-image grok-imagine/upscale ideogram/character
ideogram/character-edit ideogram/character-remix ideogram/v3-edit ideogram/v3-remix ideogram/v3-text-to-image
omnihuman-1-5/human-identification omnihuman-1-5/subject-detection qwen/image-edit qwen/image-to-image
qwen/text-to-image qwen2/image-edit qwen2/text-to-image qwen3/image-to-image qwen3/pro-image-to-image
qwen3/pro-text-to-image seedream/5-pro-layer-decomposition wan/2-7-image wan/2-7-image-pro`

const videos = `
bytedance/v1-lite-image-to-video bytedance/v1-lite-text-to-video bytedance/v1-pro-fast-image-to-video
bytedance/v1-pro-image-to-video bytedance/v1-pro-text-to-video grok-imagine/extend hailuo/02-image-to-video-pro
hailuo/02-image-to-video-standard hailuo/02-text-to-video-pro hailuo/02-text-to-video-standard
happyhorse-1-1/image-to-video happyhorse-1-1/reference-to-video happyhorse-1-1/text-to-video
happyhorse/image-to-video happyhorse/reference-to-video happyhorse/text-to-video happyhorse/video-edit
infinitalk/from-audio kling-2.6/motion-control kling/ai-avatar-pro kling/ai-avatar-standard
kling/v2-1-master-image-to-video kling/v2-1-master-text-to-video kling/v2-1-pro kling/v2-1-standard
kling/v2-5-turbo-text-to-video-pro pixverse-v6/image-to-video pixverse-v6/reference-to-video
pixverse-v6/text-to-video pixverse-v6/transition volcengine/video-to-video-lip-sync
wan/2-2-a14b-image-to-video-turbo wan/2-2-a14b-speech-to-video-turbo wan/2-2-a14b-text-to-video-turbo
wan/2-2-animate-move wan/2-2-animate-replace wan/2-5-image-to-video wan/2-5-text-to-video
wan/2-6-flash-image-to-video wan/2-6-flash-video-to-video wan/2-6-text-to-video wan/2-6-video-to-video wan/2-7-r2v
wan/2-7-videoedit`

const unchecked: BodyFields = { required: {} }

const tableOf = (names: string): Readonly<Record<string, BodyFields>> =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, unchecked])
  )

/** The other image models. */
export const otherImageModels = tableOf(images)

/** The other video models. */
export const otherVideoModels = tableOf(videos)
