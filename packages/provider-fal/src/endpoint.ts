/** The vendor's names of models. See https://docs.fal.ai/model-endpoints/queue */
import * as z from "zod"

const segment = "[A-Za-z0-9](?:[\\w-]|\\.(?!\\.))*"
const appPattern = new RegExp(`^(?:(?:workflows|comfy)/)?(?!(?:workflows|comfy)/)${segment}/${segment}$`)
const modelPattern = new RegExp(`^${segment}(?:/${segment})+$`)

/** The params of a ref: the app, which the paths of a request begin with. */
export const params = z.strictObject({
  app: z.string().regex(appPattern, "expected owner/app, such as fal-ai/flux")
})

/** The params of a ref, validated. */
export type FalParams = z.infer<typeof params>

/**
 * Returns the path of a model, which is its name.
 *
 * @throws {Error} If the vendor cannot have a model with this name.
 */
export const pathOf = (model: string): string => {
  if (!modelPattern.test(model) || !appPattern.test(appOf(model)))
    throw new Error(`Invalid model "${model}": expected owner/app/path, such as fal-ai/flux/dev.`)
  return `/${model}`
}

/**
 * Returns the app of a model: its name without the path of the endpoint, which "should be used when making the request,
 * but not when getting request status or results".
 */
export const appOf = (model: string): string =>
  model
    .split("/")
    .slice(0, /^(?:workflows|comfy)\//.test(model) ? 3 : 2)
    .join("/")

/** Returns the path of a request. */
export const requestPath = ({ id, params: { app } }: { readonly id: string; readonly params: FalParams }) =>
  `/${app}/requests/${encodeURIComponent(id)}`
