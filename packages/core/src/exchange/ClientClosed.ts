import { GentaskError } from "../task/GentaskError.ts"

/** The client was closed before the operation ended. The task itself is not affected. */
export class ClientClosed extends GentaskError {
  /** The kind of error. */
  readonly _tag = "ClientClosed"
  /** Equal to `_tag`. */
  override readonly name = "ClientClosed"
  /** Whether the same call may succeed later without any change. */
  readonly isRetryable = false

  constructor(options?: ErrorOptions) {
    super("The client was closed before the operation ended. Create another client to continue.", options)
  }
}
