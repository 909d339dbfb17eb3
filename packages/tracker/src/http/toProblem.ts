import type { ConfigurationError, InvalidTaskRef, ProviderError } from "@gentask/core"
import { encodeError } from "@gentask/core/schema"
import type { StoreError } from "../store/StoreError.ts"
import { Internal, InvalidInput, InvalidRequest, Unavailable, VendorFailed } from "./problems.ts"

/** Converts an error of the database to a problem. Its message may name hosts and files, so only the log has it. */
export const storeProblem = (error: StoreError): Unavailable | Internal =>
  error.isRetryable
    ? new Unavailable({ detail: "The database cannot be used now. Try again later." })
    : new Internal({ detail: "The database failed. See the tracker's log." })

/** Converts an error about a ref, an account or the input to a problem. */
export const inputProblem = (error: ConfigurationError | InvalidTaskRef): InvalidInput =>
  new InvalidInput({ detail: error.message, error: encodeError(error) })

/** Converts an error of a vendor to a problem. */
export const vendorProblem = (error: ProviderError): VendorFailed =>
  new VendorFailed({ detail: error.message, error: encodeError(error) })

/** The problem of an invalid member of a body. */
export const invalidMember = (name: string, message: string): InvalidRequest =>
  new InvalidRequest({ detail: message, errors: [{ path: ["body", name], message }] })
