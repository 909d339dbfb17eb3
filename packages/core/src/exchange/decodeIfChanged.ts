import * as retryAfter from "../http/retryAfter.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { DecodedResponse } from "./Decoding.ts"
import type { VendorResponse } from "./VendorResponse.ts"

/** Returns the digest of a text. Undefined in runtimes without Node's modules. */
const digestOf = (text: string): string | undefined =>
  // Loaded here, because programs that import core need not poll. The HTTP client has loaded it by now.
  globalThis.process?.getBuiltinModule?.("node:crypto")?.hash("sha256", text, "base64url")

/** What is remembered of the last response for a task. */
export interface LastResponse {
  /** The digest of its body. Undefined if another response with the same body may mean something else. */
  digest: string | undefined
  /** What it was decoded to. */
  readonly last: TaskSnapshot | undefined
  /** Whether the response itself is needed. */
  readonly wantsRaw: boolean
}

/**
 * Decodes a response, unless its body is that of the last one: most polls bring no news, and decoding is the largest part
 * of what they cost.
 */
export const decodeIfChanged = (
  known: LastResponse,
  response: VendorResponse,
  decode: () => DecodedResponse
): DecodedResponse => {
  const { status, text, bodyError, headers, at } = response
  const digest = status === 200 && bodyError === undefined && !known.wantsRaw ? digestOf(text) : undefined
  if (digest !== undefined && digest === known.digest && known.last !== undefined)
    return {
      _tag: "Snapshot",
      snapshot: known.last,
      pollAfterMs: undefined,
      retryAfterMs: retryAfter.fromHeaders(headers, at),
      raw: undefined
    }
  const decoded = decode()
  known.digest = decoded._tag === "Snapshot" && decoded.isRepeatable ? digest : undefined
  return decoded
}
