import { createHash, timingSafeEqual } from "node:crypto"
import * as Context from "effect/Context"

/** What a token allows: to read, to submit and cancel tasks, or to manage endpoints and forget tasks. */
export type TokenScope = "read" | "submit" | "admin"

/** A token with its scopes. */
export interface TokenOptions {
  /** The token, as in `Authorization: Bearer TOKEN`. */
  readonly token: string
  /** What it allows. One scope does not include another. */
  readonly scopes: ReadonlyArray<TokenScope>
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

/** Returns the token of an `Authorization` header. */
export const bearerToken = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : /^bearer +([^\s]+)$/i.exec(header)?.[1]

/** The tokens of the API. Only their digests are kept. */
export class TokenTable {
  readonly #entries: ReadonlyArray<{ readonly digest: Buffer; readonly scopes: ReadonlySet<TokenScope> }>

  constructor(tokens: ReadonlyArray<TokenOptions>) {
    this.#entries = tokens.map(({ token, scopes }) => {
      if (token.length < 16) throw new RangeError("Invalid token: expected at least 16 characters.")
      return { digest: digest(token), scopes: new Set(scopes) }
    })
  }

  /** Returns the scopes of a token. Takes the same time for every token of a length. */
  scopes(token: string): ReadonlySet<TokenScope> | undefined {
    const received = digest(token)
    let found: ReadonlySet<TokenScope> | undefined
    for (const entry of this.#entries) if (timingSafeEqual(entry.digest, received)) found = entry.scopes
    return found
  }

  /** Returns the scopes of the token in an `Authorization` header. */
  scopesOf(header: string | undefined): ReadonlySet<TokenScope> | undefined {
    const token = bearerToken(header)
    return token === undefined ? undefined : this.scopes(token)
  }
}

/** The tokens of the API. */
export class Tokens extends Context.Service<Tokens, TokenTable>()("@gentask/tracker/Tokens") {}
