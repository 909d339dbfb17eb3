const placeholder = "<secret>"

// Registered globally, so that a secret of one copy of this package can be revealed by another.
const value = Symbol.for("@gentask/core/Secret")

/**
 * Wraps an API key so that printing, inspecting or serializing an object that contains it never shows the key.
 *
 * ```ts
 * const key = new Secret("sk-1234")
 * String(key) // "<secret>"
 * Secret.reveal(key) // "sk-1234"
 * ```
 */
export class Secret {
  /** @param text The secret text. */
  constructor(text: string) {
    Object.defineProperty(this, value, { value: () => text })
  }
  /** Returns the secret text. Use it only for the request that needs it. */
  static reveal(secret: Secret): string {
    return (secret as unknown as { readonly [value]: () => string })[value]()
  }
  /** Returns a placeholder. */
  toString(): string {
    return placeholder
  }
  /** Returns a placeholder. */
  toJSON(): string {
    return placeholder
  }
  /** Returns a placeholder to `util.inspect` and `console.log`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return placeholder
  }
}
