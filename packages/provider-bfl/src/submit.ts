/** How tasks are created. See https://docs.bfl.ai/quick_start/generating_images */
import {
  accepted,
  amountAt,
  embedFiles,
  firstStringAt,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { SubmitOperation } from "@gentask/core/provider"
import { hasResultPath, hostOf } from "./host.ts"
import { models, namesOf } from "./models/table.ts"

const decode: SubmitOperation["decode"] = (body) => {
  const id = firstStringAt(body, "id")
  if (id === undefined) return withoutTaskId(body, "id")
  const pollingUrl = firstStringAt(body, "polling_url")
  const host = hostOf(pollingUrl)
  const warnings = [
    ...(host === undefined && pollingUrl?.startsWith("https:") === true
      ? ["The polling URL is not at a host of the vendor. Queries go to the account's own host."]
      : []),
    ...(hasResultPath(pollingUrl)
      ? []
      : ["The polling URL has another path than the documented one. Queries may not find the task."])
  ]
  return accepted(
    { id, ...(host === undefined ? {} : { params: { host } }) },
    { cost: amountAt(body, "cost", "credits"), warnings }
  )
}

type Input = Record<string, unknown>

/** Gives each image a field: `input_image`, `input_image_2` and so on. */
const spreadImages = (input: Input): Input => {
  const { input_image: images, ...rest } = input
  if (!Array.isArray(images)) return input
  const fields = images.map((each, index) => [index === 0 ? "input_image" : `input_image_${index + 1}`, each])
  return { ...rest, ...(Object.fromEntries(fields) as Input) }
}

/** The mode of a video follows from its inputs. */
const withMode = (input: Input): Input => {
  const mode = input["keyframes"] !== undefined ? "i2v" : input["start_video"] !== undefined ? "v2v" : "t2v"
  return { mode, ...input }
}

export const submit: SubmitOperation = {
  models,
  supportedInputs: (model) => supportedInputsOf(namesOf(model)),
  toInput: (input, model) => {
    const renamed = spreadImages(renameInputs(input, namesOf(model)))
    return model === "flux-3-video" ? withMode(renamed) : renamed
  },
  request: ({ model, input, webhook }) => ({
    method: "POST",
    path: `/v1/${encodeURIComponent(model)}`,
    body: {
      ...(webhook === undefined ? {} : { webhook_url: webhook.url }),
      ...(webhook?.secret === undefined ? {} : { webhook_secret: webhook.secret }),
      // The vendor has no upload.
      ...embedFiles(input)
    }
  }),
  decode,
  // Of most models. `flux-kontext-max` has a limit of 6, which the vendor reports with HTTP 429.
  maxActiveTasks: () => 24
}
