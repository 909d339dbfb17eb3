/** Copies what an operation is called with, so that later changes by the caller do not affect it. Never throws. */
import type { SaveOptions } from "../save/SaveOptions.ts"
import type { SubmitInput } from "../submit/SubmitInput.ts"
import { isRefLike } from "../task/isRefLike.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { IncomingWebhook } from "../webhook/IncomingWebhook.ts"
import { invalidOption } from "../account/invalidOption.ts"
import { isSnapshot } from "./isSnapshot.ts"
import type { RefInput, RefList } from "./OperationOptions.ts"

/** Copies a ref. An invalid one is left to the engine, which rejects it. */
export const ownRef = (ref: RefInput): RefInput => {
  if (!isRefLike(ref)) return ref
  const { provider, account, id, params } = ref
  return { provider, account, id, params: { ...params } }
}

/** Copies a list of refs. An invalid list is left to the engine, which rejects it. */
export const ownRefs = (refs: RefList): RefList => {
  if (typeof refs !== "object" || refs === null || !(Symbol.iterator in refs)) return refs
  try {
    return Array.from(refs, ownRef)
  } catch (error) {
    return {
      [Symbol.iterator]: () => {
        throw error
      }
    }
  }
}

/** Reads a list of refs. Throws a `ConfigurationError` if its iterator throws. */
export const readRefs = (refs: RefList): ReadonlyArray<RefInput> => {
  try {
    return Array.from(refs)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw invalidOption("refs", `Cannot read the list of task refs: ${message.replace(/\.$/, "")}.`)
  }
}

/** Copies a snapshot or a ref. An invalid one is left to the engine, which rejects it. */
export const ownTask = (task: TaskSnapshot | RefInput): TaskSnapshot | RefInput => {
  if (!isSnapshot(task)) return ownRef(task)
  const { outputs } = task
  const copies: unknown = Array.isArray(outputs)
    ? outputs.map((output: unknown) =>
        typeof output === "object" && output !== null ? { ...output } : output
      )
    : outputs
  return { ...task, outputs: copies as TaskSnapshot["outputs"] }
}

/** Copies the options of `save`. */
export const ownSaveOptions = <A extends SaveOptions>(options: A): A =>
  Array.isArray(options?.roles) ? { ...options, roles: [...options.roles] } : { ...options }

/** Copies plain objects and arrays, and keeps everything else, such as a `Blob` or a stream. */
const copyPlain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copyPlain)
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value instanceof Uint8Array ? Uint8Array.from(value) : value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyPlain(member)]))
}

/** Copies the request of a submit. An invalid one is left to the engine, which rejects it. */
export const ownSubmit = (request: SubmitInput): SubmitInput => copyPlain(request) as SubmitInput

/** Copies a webhook. An invalid one is left to the engine, which rejects it. */
export const ownWebhook = (webhook: IncomingWebhook): IncomingWebhook => copyPlain(webhook) as IncomingWebhook
