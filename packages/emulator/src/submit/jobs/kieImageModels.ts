/**
 * kie.ai's image models and the input of each.
 *
 * Documented: the model pages of docs.kie.ai, 2026-08-19. Enumerations that are not listed here in full are texts.
 */
import { flag, hasValue, integer, link, links, oneOf, text } from "../bodyFields.ts"
import type { BodyFields, BodyRule, Fields } from "../bodyFields.ts"

const ratios = "1:1 9:16 16:9 3:4 4:3 3:2 2:3 5:4 4:5 21:9 auto".split(" ")
const aspectRatio = oneOf(...ratios)
const resolution = oneOf("1K", "2K", "4K")

const input = (required: Fields, optional: Fields = {}, rules: readonly BodyRule[] = []): BodyFields => ({
  required,
  optional: { nsfw_checker: flag, ...optional },
  rules
})

const nanoBanana: Fields = {
  aspect_ratio: aspectRatio,
  image_size: text(),
  output_format: oneOf("png", "jpeg")
}

const gptRatios = "auto 1:1 3:2 2:3 4:3 3:4 5:4 4:5 16:9 9:16 2:1 1:2 3:1 1:3 21:9 9:21".split(" ")
const gpt: Fields = { aspect_ratio: oneOf(...gptRatios), resolution }

// Documented: "the task will fail to create" for the other combinations.
const gptResolution: BodyRule = ({ aspect_ratio: ratio = "auto", resolution: size = "1K" }) => {
  if (ratio === "1:1" && size === "4K") return "aspect_ratio 1:1 does not support resolution 4K"
  return ratio === "auto" && size !== "1K" ? "aspect_ratio auto supports resolution 1K only" : undefined
}

const gptTextRatio: BodyRule = ({ aspect_ratio: ratio, resolution: size = "1K" }) =>
  size !== "1K" && ["5:4", "4:5", "3:1", "1:3", "9:21"].includes(String(ratio))
    ? `aspect_ratio ${String(ratio)} supports resolution 1K only`
    : undefined

const seedream4: Fields = {
  image_size: text(),
  image_resolution: resolution,
  max_images: integer(1, 6),
  seed: integer()
}

const quality45 = oneOf("basic", "high")
const seedream5Lite = {
  prompt: text(3000, 3),
  aspect_ratio: text(),
  quality: oneOf("basic", "high", "ultra")
}
const seedream5Pro = { prompt: text(5000, 3), aspect_ratio: text(), quality: quality45 }
const pngOrJpeg = { output_format: oneOf("png", "jpeg") }

/** The inputs by model. */
export const kieImageModels: Readonly<Record<string, BodyFields>> = {
  "google/nano-banana": input({ prompt: text(5000) }, nanoBanana),
  "google/nano-banana-edit": input({ prompt: text(5000), image_urls: links(10, 1) }, nanoBanana),
  "nano-banana-2": input(
    { prompt: text(20_000) },
    {
      image_input: links(14),
      aspect_ratio: oneOf(...ratios, "1:4", "4:1", "1:8", "8:1"),
      resolution,
      output_format: oneOf("png", "jpg")
    }
  ),
  "nano-banana-pro": input(
    { prompt: text(10_000) },
    { image_input: links(8), aspect_ratio: aspectRatio, resolution, output_format: oneOf("png", "jpg") }
  ),
  "nano-banana-2-lite": input({ prompt: text(), aspect_ratio: text() }, { image_urls: links(10) }),
  "gpt-image-2-text-to-image": input({ prompt: text(20_000) }, gpt, [gptResolution, gptTextRatio]),
  "gpt-image-2-image-to-image": input({ prompt: text(20_000), input_urls: links(16, 1) }, gpt, [
    gptResolution
  ]),
  "bytedance/seedream-v4-text-to-image": input({ prompt: text(5000) }, seedream4),
  "bytedance/seedream-v4-edit": input({ prompt: text(5000), image_urls: links(10, 1) }, seedream4),
  "seedream/4.5-text-to-image": input({ prompt: text(3000), aspect_ratio: text(), quality: quality45 }),
  "seedream/4.5-edit": input({
    prompt: text(3000),
    aspect_ratio: text(),
    quality: quality45,
    image_urls: links(14, 1)
  }),
  "seedream/5-lite-text-to-image": input(seedream5Lite, pngOrJpeg),
  "seedream/5-lite-image-to-image": input({ ...seedream5Lite, image_urls: links(10, 1) }, pngOrJpeg),
  "seedream/5-pro-text-to-image": input(seedream5Pro, pngOrJpeg),
  "seedream/5-pro-image-to-image": input({ ...seedream5Pro, image_urls: links(10, 1) }, pngOrJpeg),
  "z-image": input({ prompt: text(1000), aspect_ratio: text() }),
  "flux-2/pro-text-to-image": input({ prompt: text(), aspect_ratio: text(), resolution: oneOf("1K", "2K") }),
  "qwen3/text-to-image": input(
    { prompt: text() },
    { image_size: text(), resolution: text(), negative_prompt: text(), prompt_extend: flag, seed: integer() }
  ),
  "grok-imagine/text-to-image": input({ prompt: text() }, { aspect_ratio: text(), enable_pro: flag }),
  "grok-imagine-image-2-0/text-to-image": input({
    prompt: text(),
    aspect_ratio: oneOf("1:1", "2:3", "3:2", "16:9", "9:16")
  }),
  "recraft/remove-background": input({ image: link }),
  "recraft/crisp-upscale": input({ image: link }),
  "topaz/image-upscale": input({ image_url: link, upscale_factor: oneOf("1", "2", "4") })
}

/** Whether an input has one of these fields. */
export const hasAny = (body: Readonly<Record<string, unknown>>, names: readonly string[]): boolean =>
  names.some((name) => hasValue(body, name))
