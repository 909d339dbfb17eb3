import { GentaskError } from "../task/GentaskError.ts"

/** The client was closed before the operation ended. The task itself is not affected. */
export class ClientClosed extends GentaskError {
  readonly _tag = "ClientClosed"
  override readonly name = "ClientClosed"
  readonly isRetryable = false

  constructor(options?: ErrorOptions) {
    super("The client was closed before the operation ended. Create another client to continue.", options)
  }
}
