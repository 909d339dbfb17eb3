import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { decodeOperation } from "../exchange/decodeOperation.ts"
import type { SimpleOperation } from "../exchange/decodeOperation.ts"
import { ProviderError } from "../exchange/ProviderError.ts"
import type { QueryFailure } from "../exchange/ProviderError.ts"
import type { VendorResponse } from "../exchange/VendorResponse.ts"
import type { ErrorFormat } from "../provider/ErrorFormat.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SendFailure } from "./SubmitContext.ts"

type Success<Outcome> = Exclude<Outcome, { readonly _tag: "Error" }>

const isError = (outcome: {
  readonly _tag: string
}): outcome is { readonly _tag: "Error"; readonly reason: ErrorReason } => outcome._tag === "Error"

/**
 * Decodes the response of an operation that creates nothing. Fails with the reason of an error.
 *
 * @param errors What the vendor's errors mean.
 */
export const callOperation = <Body, Outcome extends { readonly _tag: string }>(
  sent: Effect.Effect<VendorResponse, SendFailure | ConfigurationError>,
  operation: SimpleOperation<Body, Outcome>,
  errors: ErrorFormat | undefined
): Effect.Effect<Success<Outcome>, ErrorReason | ConfigurationError> =>
  Effect.matchEffect(sent, {
    onFailure: (failure) => Effect.fail(failure instanceof ConfigurationError ? failure : failure.reason),
    onSuccess: (response): Effect.Effect<Success<Outcome>, ErrorReason> => {
      const decoded = decodeOperation(operation, response, errors)
      if (decoded._tag === "Error") return Effect.fail(decoded.reason)
      const { outcome } = decoded
      return isError(outcome) ? Effect.fail(outcome.reason) : Effect.succeed(outcome as Success<Outcome>)
    }
  })

/** Turns the reason of a failed operation into the error of a ref, or of an account. */
export const toProviderError =
  ({ spec, name }: ResolvedAccount, ref: string) =>
  (error: ErrorReason | ConfigurationError): QueryFailure =>
    error._tag === "ConfigurationError"
      ? error
      : new ProviderError({ provider: spec.id, account: name, ref, reason: error })
