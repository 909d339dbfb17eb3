import type { ResolvedAccount } from "@gentask/core/internal"
import type { RequestSpec } from "@gentask/core/provider"
import type { BuiltRequest } from "./unusualIds.ts"
import { urlOf } from "../operations/canonicalSpec.ts"

/**
 * Resolves a request that a function describes.
 *
 * @returns Undefined if the provider or core rejects it.
 */
export const toBuiltRequest = (
  account: ResolvedAccount,
  describe: () => RequestSpec | undefined
): BuiltRequest | undefined => {
  try {
    const spec = describe()
    if (spec === undefined) return undefined
    const { headers = {}, body, form, multipart } = spec
    return { url: urlOf(account, spec), headers, body: JSON.stringify([body, form, multipart]) }
  } catch {
    return undefined
  }
}
