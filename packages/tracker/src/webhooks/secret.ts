import { randomBytes } from "node:crypto"

const prefix = "whsec_"

/** The number of random bytes of a secret. Standard Webhooks demands 24 to 64. */
const secretBytes = 32

/** Creates a secret for signing, in the form `whsec_…`. */
export const createSecret = (): string => `${prefix}${randomBytes(secretBytes).toString("base64")}`

/** Returns the key of a secret. */
export const secretKey = (secret: string): Buffer =>
  Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, "base64")
