import { createHmac, timingSafeEqual } from "node:crypto"

const secretOf = (hookSecret: string, account: string): string =>
  createHmac("sha256", hookSecret).update(`gentask-hook:${account}`).digest("base64url")

/** The paths to which vendors send their webhooks. Each account has a secret of its own in its path. */
export class HookPaths {
  readonly #hookSecret: string | undefined

  /** @param hookSecret Derives the secrets of all accounts. Undefined if no webhooks are received. */
  constructor(hookSecret: string | undefined) {
    this.#hookSecret = hookSecret
  }

  /** Returns the path of an account. Undefined if no webhooks are received. */
  pathOf(account: string): string | undefined {
    return this.#hookSecret === undefined
      ? undefined
      : `/v1/hooks/${encodeURIComponent(account)}/${secretOf(this.#hookSecret, account)}`
  }

  /** Checks the secret of a path, in a time that does not depend on the secret. */
  isValid(account: string, secret: string): boolean {
    if (this.#hookSecret === undefined) return false
    const expected = Buffer.from(secretOf(this.#hookSecret, account))
    const received = Buffer.from(secret)
    return expected.length === received.length && timingSafeEqual(expected, received)
  }
}
