/** How videos are created. See https://ai.google.dev/gemini-api/docs/video */
import {
  accepted,
  defineModels,
  embedFile,
  firstStringAt,
  isInputFile,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { DefinedModels, SubmitOperation } from "@gentask/core/provider"
import { videosModels as table } from "./models/videos.generated.ts"

/** The models that `gemini.models` has. */
export type GeminiModels = DefinedModels<typeof table>

export const models: GeminiModels = defineModels(table)

const { names } = table["veo-3.1-generate-preview"]

const imageOf = (value: unknown): unknown => {
  if (isInputFile(value)) return { bytesBase64Encoded: embedFile(value), mimeType: value.mediaType }
  if (typeof value !== "string") return value
  throw new Error("Unsupported URL of an image: the Gemini API accepts files only.")
}

/** A URL is that of an earlier video, which stays at the vendor for 2 days. */
const videoOf = (value: unknown): unknown => {
  if (isInputFile(value)) return { encodedVideo: embedFile(value), encoding: value.mediaType }
  return typeof value === "string" ? { uri: value } : value
}

const referenceOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "image" in value
    ? { ...value, image: imageOf(value.image) }
    : value

/** The members of an instance. All others are parameters. */
const instanceMembers: Readonly<Record<string, (value: unknown) => unknown>> = {
  prompt: (value) => value,
  image: imageOf,
  lastFrame: imageOf,
  video: videoOf,
  referenceImages: (value) => (Array.isArray(value) ? value.map(referenceOf) : value)
}

const toBody = (input: Readonly<Record<string, unknown>>): object => {
  const isInstance = (name: string): boolean => Object.hasOwn(instanceMembers, name)
  const entries = Object.entries(input)
  const parameters = entries.filter(([name]) => !isInstance(name))
  const instance = entries
    .filter(([name]) => isInstance(name))
    .map(([name, value]) => [name, instanceMembers[name]?.(value)])
  return {
    instances: [Object.fromEntries(instance)],
    ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) })
  }
}

export const submit: SubmitOperation = {
  models,
  supportedInputs: () => supportedInputsOf(names),
  toInput: (common) => {
    const { images } = common
    const input = renameInputs(common, names)
    if (images === undefined) return input
    return { ...input, referenceImages: images.map((image) => ({ image, referenceType: "asset" })) }
  },
  request: ({ model, input, webhook }) => ({
    method: "POST",
    path: `/v1beta/models/${encodeURIComponent(model.replace(/^models\//, ""))}:predictLongRunning`,
    body: { ...toBody(input), ...(webhook && { webhookConfig: { uris: [webhook.url] } }) }
  }),
  decode: (body) => {
    const id = firstStringAt(body, "name")
    return id === undefined
      ? withoutTaskId(body, "name", "The response has no name of an operation")
      : accepted({ id })
  }
}
