import type { TransportResponse } from "../http/Transport.ts"
import type { Secrets } from "./redact.ts"

/** A complete response of a vendor, and what must be redacted in everything that is read from it. */
export interface VendorResponse extends TransportResponse {
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number
  /** The API key, the token of the request, and what an operation's own `authorize` has returned. */
  readonly secrets: Secrets
}
