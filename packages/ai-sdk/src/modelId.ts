import { NoSuchModelError } from "@ai-sdk/provider"

/** A model, and the account that creates its tasks. */
export interface ModelName {
  /** The account, as in a task ref: `sora`, or `jimeng@deepwl`. */
  readonly account: string
  /** The id of the account's provider, such as `jimeng`. */
  readonly provider: string
  /** The vendor's name of the model. */
  readonly model: string
}

/** Parses the id of a model. The first colon ends the account; the vendor's name may contain colons. */
export const parseModelId = (modelId: string, modelType: "imageModel" | "videoModel"): ModelName => {
  const colon = modelId.indexOf(":")
  const account = modelId.slice(0, colon)
  const model = modelId.slice(colon + 1)
  if (colon < 1 || model === "")
    throw new NoSuchModelError({
      modelId,
      modelType,
      message: `Invalid model ${JSON.stringify(modelId)}: expected account:model, such as "sora:sora-2".`
    })
  return { account, provider: account.split("@", 1)[0] ?? account, model }
}
