import crypto from "node:crypto"
import { syncBuiltinESMExports } from "node:module"

const isEmpty = (key: unknown): boolean =>
  (typeof key === "string" && key === "") || (ArrayBuffer.isView(key) && key.byteLength === 0)

/**
 * Runs a function in which an HMAC with an empty key has another key instead. A request that is signed with that key is
 * like a request that an attacker has signed with the empty one.
 */
export const withHmacKey = <A>(key: string, run: () => A): A => {
  const { createHmac } = crypto
  crypto.createHmac = (algorithm, original, options) =>
    createHmac(algorithm, isEmpty(original) ? key : original, options)
  syncBuiltinESMExports()
  try {
    return run()
  } finally {
    crypto.createHmac = createHmac
    syncBuiltinESMExports()
  }
}
