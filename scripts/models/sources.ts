import type { DocumentSource, FamiliesSource, ModelSource, ModelType, TypesSource } from "./ModelSource.ts"

const falModel = (name: string, mediaKind: ModelType["mediaKind"]): ModelType => ({
  name,
  file: `${mediaKind}s`,
  type: `EndpointTypeMap[${JSON.stringify(name)}]["input"]`,
  mediaKind,
  docs: `https://fal.ai/models/${name}/api`,
  // The image of these models is the first frame.
  ...(name.endsWith("/image-to-video")
    ? { names: { images: [], firstFrame: ["start_image_url", "image_url"] } }
    : {})
})

const fal: TypesSource = {
  package: "@fal-ai/client",
  imports: 'import type { EndpointTypeMap } from "@fal-ai/client/endpoints"',
  models: [
    ...[
      "fal-ai/flux/schnell",
      "fal-ai/flux/dev",
      "fal-ai/flux-pro/v1.1",
      "fal-ai/flux-pro/kontext",
      "fal-ai/flux-2-pro",
      "fal-ai/flux-2-pro/edit",
      "fal-ai/nano-banana",
      "fal-ai/nano-banana/edit",
      "fal-ai/nano-banana-2",
      "fal-ai/nano-banana-2/edit",
      "fal-ai/nano-banana-pro",
      "fal-ai/nano-banana-pro/edit",
      "fal-ai/gpt-image-1.5",
      "fal-ai/gpt-image-1.5/edit",
      "fal-ai/bytedance/seedream/v4.5/text-to-image",
      "fal-ai/bytedance/seedream/v4.5/edit",
      "fal-ai/ideogram/v3",
      "fal-ai/qwen-image"
    ].map((name) => falModel(name, "image")),
    ...[
      "fal-ai/veo3.1",
      "fal-ai/veo3.1/fast",
      "fal-ai/veo3.1/image-to-video",
      "fal-ai/veo3.1/first-last-frame-to-video",
      "fal-ai/kling-video/v2.6/pro/text-to-video",
      "fal-ai/kling-video/v2.6/pro/image-to-video",
      "fal-ai/kling-video/v3/pro/text-to-video",
      "fal-ai/kling-video/v3/pro/image-to-video",
      "fal-ai/sora-2/text-to-video",
      "fal-ai/sora-2/image-to-video",
      "fal-ai/bytedance/seedance/v1.5/pro/text-to-video",
      "fal-ai/bytedance/seedance/v1.5/pro/image-to-video",
      "fal-ai/minimax/hailuo-02/standard/image-to-video"
    ].map((name) => falModel(name, "video")),
    falModel("fal-ai/elevenlabs/music", "audio")
  ],
  isMedia: (name) => /(?:image|frame|mask|video|audio)\w*_urls?$/.test(name),
  names: {
    prompt: ["prompt"],
    images: ["image_urls", "image_url"],
    firstFrame: ["first_frame_url", "start_image_url"],
    lastFrame: ["last_frame_url", "end_image_url", "tail_image_url"],
    videos: ["video_urls", "video_url"],
    audios: ["audio_urls", "audio_url"],
    aspectRatio: ["aspect_ratio"],
    resolution: ["resolution"],
    duration: ["duration"],
    count: ["num_images", "max_images"],
    seed: ["seed"]
  }
}

const ark: FamiliesSource = {
  package: "@ai-sdk/bytedance",
  types: ["ByteDanceVideoModelId", "ByteDanceImageModelId"],
  file: "families",
  families: [
    [/seedream/, "image"],
    [/seedance-1-0-pro-fast/, "firstFrame"],
    [/seedance-1-\d-pro/, "frames"],
    [/seedance-[2-9]/, "references"]
  ]
}

const dashscope: FamiliesSource = {
  package: "@ai-sdk/alibaba",
  types: ["AlibabaVideoModelId"],
  file: "families",
  families: [
    [/^wan2\.7-t2v/, "text27"],
    [/^wan2\.7-i2v/, "image27"],
    [/^wan2\.7-r2v/, "reference27"],
    [/^wan2\.[56]-t2v/, "text"],
    [/^wan2\.[56]-i2v/, "image"],
    [/^wan2\.[56]-r2v/, "reference"]
  ]
}

const bflImages: DocumentSource = {
  document: "test/openapi/bfl.json",
  origin:
    "the vendor's OpenAPI document, as https://github.com/tryAGI/BlackForestLabs (MIT) has it of 2026-05-01, in test/openapi",
  pathPrefix: "/v1/",
  model: { mediaKind: "image", file: "images", docs: "https://docs.bfl.ai/api-reference" },
  ignored: ["webhook_url", "webhook_secret", "input_image_blob_path"],
  isMedia: (name) => /^(?:image|mask|image_prompt|input_image(?:_\d+)?)$/.test(name),
  isList: (name, members) => members.includes(`${name}_2`),
  names: {
    prompt: ["prompt"],
    images: ["input_image", "image_prompt", "image"],
    aspectRatio: ["aspect_ratio"],
    seed: ["seed"]
  }
}

const bflVideos: TypesSource = {
  package: "@ai-sdk/black-forest-labs",
  imports: 'import type { BlackForestLabsVideoModelOptions as Options } from "@ai-sdk/black-forest-labs"',
  models: [
    {
      name: "flux-3-video",
      file: "videos",
      // The package has its own names of the vendor's members.
      type: `{
        mode: "t2v" | "i2v" | "v2v" | "draft_enhance"
        prompt?: string
        keyframes?: Options["keyframes"]
        start_video?: Blob
        aspect_ratio?: Options["aspectRatio"]
        resolution?: Options["resolution"]
        duration?: number | "auto"
        generate_audio?: boolean
        safety_tolerance?: Options["safetyTolerance"]
        draft?: Options["draft"]
        draft_cache?: Options["draftCache"]
        version?: string
      }`,
      mediaKind: "video",
      docs: "https://docs.bfl.ai/api-reference"
    }
  ],
  isMedia: (name) => name === "keyframes",
  names: {
    prompt: ["prompt"],
    firstFrame: ["keyframes"],
    lastFrame: ["keyframes"],
    videos: ["start_video"],
    aspectRatio: ["aspect_ratio"],
    resolution: ["resolution"],
    duration: ["duration"]
  }
}

const geminiModel = (name: string): ModelType => ({
  name,
  file: "videos",
  // The members that the package sends to the Gemini API, by the names that it sends.
  type: `Pick<
    GenerateVideosConfig,
    "aspectRatio" | "durationSeconds" | "enhancePrompt" | "negativePrompt" | "personGeneration" | "resolution" | "seed"
  > & {
    prompt?: GenerateVideosSource["prompt"]
    image?: Blob
    lastFrame?: Blob
    video?: Blob
    referenceImages?: Array<{ image: Blob; referenceType?: Lowercase<\`\${VideoGenerationReferenceType}\`> }>
    sampleCount?: GenerateVideosConfig["numberOfVideos"]
  }`,
  mediaKind: "video",
  docs: "https://ai.google.dev/gemini-api/docs/video"
})

const gemini: TypesSource = {
  package: "@google/genai",
  imports:
    'import type { GenerateVideosConfig, GenerateVideosSource, VideoGenerationReferenceType } from "@google/genai"',
  models: ["veo-3.1-generate-preview", "veo-3.1-fast-generate-preview", "veo-3.1-lite-generate-preview"].map(
    (name) => geminiModel(name)
  ),
  names: {
    prompt: ["prompt"],
    images: ["referenceImages"],
    firstFrame: ["image"],
    lastFrame: ["lastFrame"],
    videos: ["video"],
    aspectRatio: ["aspectRatio"],
    resolution: ["resolution"],
    duration: ["durationSeconds"],
    count: ["sampleCount"],
    seed: ["seed"]
  }
}

const openrouterModel = (name: string): ModelType => ({
  name,
  file: "videos",
  // Without the members of the package, and with short types of those that have a member for each provider.
  type: `Omit<
    VideoGenerationRequest$Outbound,
    "callback_url" | "input_references" | "model" | "provider" | "trace"
  > & {
    input_references?: Array<
      | { type: "image_url"; image_url: ContentPartImageImageUrl$Outbound }
      | ContentPartVideo$Outbound
      | ContentPartAudio$Outbound
    >
    provider?: { options?: Record<string, Record<string, unknown>> }
    trace?: Record<string, unknown>
  }`,
  mediaKind: "video",
  docs: `https://openrouter.ai/${name}`
})

const openrouter: TypesSource = {
  package: "@openrouter/sdk",
  imports: `import type {
    ContentPartAudio$Outbound,
    ContentPartImageImageUrl$Outbound,
    ContentPartVideo$Outbound,
    VideoGenerationRequest$Outbound
  } from "@openrouter/sdk/models"`,
  models: ["google/veo-3.1", "bytedance/seedance-2.0", "alibaba/wan-2.7", "x-ai/grok-imagine-video"].map(
    (name) => openrouterModel(name)
  ),
  isMedia: (name) => name === "url",
  names: {
    prompt: ["prompt"],
    images: ["input_references"],
    firstFrame: ["frame_images"],
    lastFrame: ["frame_images"],
    videos: ["input_references"],
    audios: ["input_references"],
    aspectRatio: ["aspect_ratio"],
    resolution: ["resolution"],
    duration: ["duration"],
    seed: ["seed"]
  }
}

const runwayModel = (name: string, type: string, mediaKind: ModelType["mediaKind"]): ModelType => ({
  name,
  file: name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  type,
  mediaKind,
  docs: "https://docs.dev.runwayml.com/api/"
})

const runway: TypesSource = {
  package: "@runwayml/sdk",
  imports: `import type { ImageToVideoCreateParams } from "@runwayml/sdk/resources/image-to-video"
import type { TextToImageCreateParams } from "@runwayml/sdk/resources/text-to-image"
import type { TextToVideoCreateParams } from "@runwayml/sdk/resources/text-to-video"
import type { VideoToVideoCreateParams } from "@runwayml/sdk/resources/video-to-video"`,
  models: [
    runwayModel("text_to_image", "TextToImageCreateParams", "image"),
    runwayModel("text_to_video", "TextToVideoCreateParams", "video"),
    runwayModel("image_to_video", "ImageToVideoCreateParams", "video"),
    runwayModel("video_to_video", "VideoToVideoCreateParams", "video")
  ],
  modelMember: "model",
  isMedia: (name, documentation) =>
    /^(?:uri|promptImage|videoUri)$/.test(name) || /Runway upload URI|data URI/i.test(documentation),
  names: {
    prompt: ["promptText"],
    images: ["referenceImages", "references"],
    firstFrame: ["promptImage"],
    lastFrame: ["promptImage"],
    videos: ["videoUri", "promptVideo", "referenceVideos"],
    audios: ["referenceAudio"],
    aspectRatio: ["ratio"],
    resolution: ["resolution"],
    duration: ["duration"],
    count: ["outputCount"],
    seed: ["seed"]
  },
  accepts: (common, schema) => {
    // A list of images with their positions.
    if (common === "lastFrame") return schema.includes('"last"')
    // A list of videos with their type. One model has a list without it.
    return common !== "videos" || !schema.startsWith("z.array") || schema.includes('"type"')
  }
}

/** The sources of vendors' models, by the id of the provider. */
export const modelSources: Readonly<Record<string, ReadonlyArray<ModelSource>>> = {
  ark: [ark],
  bfl: [bflImages, bflVideos],
  dashscope: [dashscope],
  fal: [fal],
  gemini: [gemini],
  openrouter: [openrouter],
  runway: [runway]
}
