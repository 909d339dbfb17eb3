/** Signed texts that a client keeps for the server: handles of tasks, and the state of a confirmation. */
import { createHmac, timingSafeEqual } from "node:crypto"

const minSecretLength = 16

/** Signs values, and reads signed ones. Nothing is stored, so that they survive a restart. */
export class Signer {
  readonly #secret: string

  constructor(secret: string) {
    if (secret.length < minSecretLength)
      throw new RangeError(`Invalid secret: expected at least ${minSecretLength} characters.`)
    this.#secret = secret
  }

  /** Signs a value for one purpose. */
  sign(purpose: string, value: unknown): string {
    const payload = Buffer.from(JSON.stringify(value)).toString("base64url")
    return `${payload}.${this.#digest(purpose, payload).toString("base64url")}`
  }

  /** Reads a signed value. Undefined if this server has not signed it for this purpose. */
  read(purpose: string, text: string): unknown {
    const [payload = "", signature = "", ...rest] = text.split(".")
    const given = Buffer.from(signature, "base64url")
    const expected = this.#digest(purpose, payload)
    if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected))
      return undefined
    return JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))
  }

  #digest(purpose: string, payload: string): Buffer {
    return createHmac("sha256", this.#secret).update(`${purpose}\n${payload}`).digest()
  }
}
