/** A value that does not show itself in logs, errors or JSON. */

const hidden = "<secret>"

// Registered, so that a secret made by one copy of this package can be revealed by another.
const value = Symbol.for("@gentask/core/Secret")

/** Holds an API key so that printing, inspecting or serialising what contains it never shows it. */
export class Secret {
  constructor(text: string) {
    Object.defineProperty(this, value, { value: () => text })
  }
  /** Gives the text away: only for the request that needs it. */
  static reveal(secret: Secret): string {
    return (secret as unknown as { readonly [value]: () => string })[value]()
  }
  toString(): string {
    return hidden
  }
  toJSON(): string {
    return hidden
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hidden
  }
}
