/** Decodes responses to operations as core does, without sending anything. For the tests of provider packages. */
import { decodeOperation } from "@gentask/core/internal"
import type { SimpleOperation } from "@gentask/core/internal"
import type { ErrorReason, ProviderSpec } from "@gentask/core/provider"

/**
 * Decodes a response to an operation other than a query and a submit: first as an error of the vendor, and then with the
 * operation's own functions.
 */
export const outcomeOfOperation = <Body, Outcome>(
  { errors }: ProviderSpec,
  operation: SimpleOperation<Body, Outcome>,
  body: unknown,
  status = 200
): Outcome | { readonly _tag: "Error"; readonly reason: ErrorReason } => {
  const response = { status, headers: {}, text: JSON.stringify(body), at: 0, secrets: "" }
  const decoded = decodeOperation(operation, response, errors)
  return decoded._tag === "Error" ? decoded : decoded.outcome
}
