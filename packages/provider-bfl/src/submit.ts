/** How tasks are created. See https://docs.bfl.ai/quick_start/generating_images */
import {
  accepted,
  embedFile,
  firstStringAt,
  isInputFile,
  readErrorDetail,
  rejected,
  renameInputs,
  retryable,
  unknownOutcome
} from "@gentask/core/provider"
import type { InputNames, ResponseHead, SubmitOperation, SubmitOutcome } from "@gentask/core/provider"
import { costOf } from "./decode.ts"
import { reasonOf } from "./errors.ts"
import { hasResultPath, hostOf } from "./host.ts"
import { models, namesOf } from "./models.ts"
import type { BflBody } from "./wire.ts"
import { body as response } from "./wire.ts"

const decode = (body: BflBody): SubmitOutcome => {
  const id = firstStringAt(body, "id")
  if (id === undefined) {
    const { message = "The response has no id" } = readErrorDetail(body)
    return unknownOutcome({ _tag: "UnexpectedResponse", path: "id", message })
  }
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
    { cost: costOf(body), warnings }
  )
}

/** Decodes the errors that the HTTP status does not determine. */
const decodeError = (body: BflBody, head: ResponseHead): SubmitOutcome | undefined => {
  const reason = reasonOf(body, head)
  if (reason === undefined) return undefined
  // "You exceeded your concurrency limit. Back off and retry once a previous task finishes." The body says when.
  const isOfVendor = body["error"] !== undefined || body["detail"] !== undefined
  return reason._tag === "RateLimited" && isOfVendor ? retryable(reason) : rejected(reason)
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

/** Places files into the body. The vendor has no upload, and reads plain base64. */
const embedFiles = (value: unknown): unknown => {
  if (isInputFile(value)) return embedFile(value)
  return Array.isArray(value) ? value.map(embedFiles) : value
}

export const submit: SubmitOperation<unknown, BflBody> = {
  models,
  supportedInputs: (model) => Object.keys(namesOf(model)) as ReadonlyArray<keyof InputNames>,
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
      ...Object.fromEntries(Object.entries(input).map(([name, value]) => [name, embedFiles(value)]))
    }
  }),
  response,
  decode,
  decodeError,
  // Of most models. `flux-kontext-max` has a limit of 6, which the vendor reports with HTTP 429.
  maxActiveTasks: () => 24
}
