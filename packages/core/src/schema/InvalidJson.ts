import { GentaskError } from "../task/GentaskError.ts"

/** The fields of an {@link InvalidJson} error. */
export interface InvalidJsonFields {
  /** The dotted path of the invalid value, such as `outputs.0.kind`. Empty for the value as a whole. */
  readonly path: string
  /** What is wrong, in whole sentences. */
  readonly message: string
}

/**
 * A JSON value is not a valid task snapshot, error or saved file. The message quotes no part of the value.
 *
 * ```ts
 * try {
 *   return decodeSnapshot(JSON.parse(line))
 * } catch (error) {
 *   if (error instanceof InvalidJson) console.error(error.path, error.message)
 * }
 * ```
 */
export class InvalidJson extends GentaskError {
  /** Always `InvalidJson`. */
  readonly _tag = "InvalidJson"
  /** Equal to `_tag`. */
  override readonly name = "InvalidJson"
  /** Always false. */
  readonly isRetryable = false
  /** The dotted path of the invalid value, such as `outputs.0.kind`. Empty for the value as a whole. */
  readonly path: string

  constructor({ path, message }: InvalidJsonFields, options?: ErrorOptions) {
    super(message, options)
    this.path = path
  }
}
