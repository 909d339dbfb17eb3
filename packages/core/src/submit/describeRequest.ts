import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import type { SubmitOperation, SubmitRequest } from "../provider/SubmitOperation.ts"
import { invalidInput } from "./invalidInput.ts"
import { nameOf } from "../account/nameOf.ts"

/**
 * Has the provider describe the request of a submit, and adds the header of the idempotency key.
 *
 * @throws {ConfigurationError} If the provider cannot describe it, as for an invalid name of a model.
 */
export const describeRequest = (
  account: ResolvedAccount,
  operation: SubmitOperation<unknown, unknown>,
  request: SubmitRequest
): RequestSpec => {
  let spec: RequestSpec
  try {
    spec = operation.request(request, account.settings)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw invalidInput(nameOf(account), request.model, [{ path: "", message }])
  }
  const header = operation.idempotency?.(account.settings)?.header
  return header === undefined
    ? spec
    : { ...spec, headers: { ...spec.headers, [header]: request.idempotencyKey } }
}
