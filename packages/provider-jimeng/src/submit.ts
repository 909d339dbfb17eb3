/** How tasks are created. See https://www.volcengine.com/docs/85621/1817045 */
import {
  accepted,
  defineModels,
  embedFile,
  firstStringAt,
  inputNamesOf,
  isInputFile,
  renameInputs,
  withoutTaskId
} from "@gentask/core/provider"
import type { DefinedModels, InputNames, SubmitOperation, SubmitRequest } from "@gentask/core/provider"
import { submitAction } from "./actions.ts"
import { imageModels } from "./models/images.ts"
import { videoModels } from "./models/videos.ts"
import type { ValidSettings } from "./settings.ts"

/** The documented models. */
const table = { ...imageModels, ...videoModels }

/** The models that `jimeng.models` has. */
export type JimengModels = DefinedModels<typeof table>

export const models: JimengModels = defineModels(table)

/** The services that read images inside the body. */
const embedding: ReadonlySet<string> = new Set([
  "jimeng_i2i_v30",
  "jimeng_image2image_dream_inpaint",
  "jimeng_ti2v_v30_pro",
  "jimeng_i2v_first_v30",
  "jimeng_i2v_first_v30_1080",
  "jimeng_i2v_first_tail_v30",
  "jimeng_i2v_first_tail_v30_1080",
  "jimeng_i2v_recamera_v30",
  "jimeng_dreamactor_m20_gen_video"
])

/** The services that notify a `callback_url`. */
const notifying: ReadonlySet<string> = new Set(["jimeng_seedream46_cvtob", "jimeng_dreamactor_m20_gen_video"])

/** Of services that the table does not have. Most have these fields. */
const otherNames: InputNames = { prompt: "prompt", images: "image_urls", seed: "seed" }

const namesOf = (reqKey: string): InputNames => inputNamesOf(table, reqKey, otherNames)

type Input = Record<string, unknown>

/** Places files into the body. The vendor has no upload. */
const embedImages = (input: Input): Input => {
  const { image_urls: images, ...rest } = input
  if (!Array.isArray(images) || !images.some(isInputFile)) return input
  const files = images.filter(isInputFile)
  if (files.length < images.length)
    throw new Error("Files cannot be combined with URLs: give one or the other.")
  return { ...rest, binary_data_base64: files.map((file) => embedFile(file)) }
}

const framesOf = (seconds: number): number => {
  if (seconds === 5 || seconds === 10) return 24 * seconds + 1
  throw new Error(`Invalid duration ${seconds}: this model supports 5 and 10 seconds.`)
}

const isSingle = (count: number): true => {
  if (count === 1) return true
  throw new Error(`Invalid count ${count}: ask for several images in the prompt, or set the count to 1.`)
}

/** The values of the vendor that differ from those of the common inputs. */
const toInput: SubmitOperation<ValidSettings>["toInput"] = (common, reqKey) => {
  const names = namesOf(reqKey)
  const { duration, count, resolution } = common
  const input = renameInputs(common, names)
  const translated: Input = {
    ...input,
    ...(names.duration === "frames" && duration !== undefined ? { frames: framesOf(duration) } : {}),
    ...(names.count === "force_single" && count !== undefined ? { force_single: isSingle(count) } : {}),
    ...(names.resolution === "output_resolution" && resolution !== undefined
      ? { output_resolution: Number(resolution.replace(/p$/i, "")) }
      : {})
  }
  return embedding.has(reqKey) ? embedImages(translated) : translated
}

const callbackOf = ({ model, webhook }: SubmitRequest): { readonly callback_url?: string } => {
  if (webhook === undefined) return {}
  if (notifying.has(model)) return { callback_url: webhook.url }
  throw new Error(`Unsupported webhook: the vendor documents none for ${model}.`)
}

const decode: SubmitOperation["decode"] = (body, _head, { model }) => {
  const id = firstStringAt(body, "data.task_id", "task_id")
  if (id === undefined) return withoutTaskId(body, "data.task_id")
  return accepted({ id, params: { req_key: model } }, { rawStatus: firstStringAt(body, "data.status") })
}

export const submit: SubmitOperation<ValidSettings> = {
  models,
  supportedInputs: (reqKey) => Object.keys(namesOf(reqKey)) as ReadonlyArray<keyof InputNames>,
  toInput,
  request: (request, { path }) => ({
    method: "POST",
    path,
    query: submitAction(request.model),
    headers: { "content-type": "application/json", accept: "application/json" },
    body: { req_key: request.model, ...callbackOf(request), ...request.input }
  }),
  decode
}
