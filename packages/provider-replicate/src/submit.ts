/** How predictions are created. See https://replicate.com/docs/topics/predictions/create-a-prediction */
import {
  accepted,
  firstStringAt,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { SubmitOperation } from "@gentask/core/provider"
import { readPrediction } from "./decode.ts"
import { models, namesOf } from "./models/table.ts"

const name = "[A-Za-z0-9][\\w.-]*"
const modelPattern = new RegExp(`^(?!deployments/)${name}/${name}(?::[0-9a-f]{64})?$`)
const deploymentPattern = new RegExp(`^deployments/(?<owner>${name})/(?<deployment>${name})$`)

/** Where a model is created: a deployment has a path of its own. */
const targetOf = (model: string): { readonly path: string; readonly version?: string } => {
  const { owner, deployment } = deploymentPattern.exec(model)?.groups ?? {}
  if (owner !== undefined && deployment !== undefined)
    return { path: `/v1/deployments/${owner}/${deployment}/predictions` }
  if (!modelPattern.test(model))
    throw new Error(
      `Invalid model "${model}": expected owner/name for an official model, owner/name:version for any other, or deployments/owner/name.`
    )
  return { path: "/v1/predictions", version: model }
}

const minute = 60_000

export const submit: SubmitOperation = {
  models,
  supportedInputs: (model) => supportedInputsOf(namesOf(model)),
  toInput: (input, model) => renameInputs(input, namesOf(model)),
  request: ({ model, input, webhook }) => {
    const { path, version } = targetOf(model)
    return {
      method: "POST",
      path,
      body: {
        ...(version === undefined ? {} : { version }),
        input,
        ...(webhook === undefined ? {} : { webhook: webhook.url, webhook_events_filter: ["completed"] })
      }
    }
  },
  decode: (body) => {
    const id = firstStringAt(body, "id")
    return id === undefined ? withoutTaskId(body, "id") : accepted({ id }, readPrediction(body))
  },
  rateLimits: () => [{ requests: 600, windowMs: minute }]
}
