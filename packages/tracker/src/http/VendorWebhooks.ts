import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** A request that a vendor sent. */
export interface VendorRequest {
  /** The path and the query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What the vendor expects as the response. */
export interface VendorResponse {
  readonly status: number
  readonly body: string
  readonly contentType: string
}

/** Receives webhooks of vendors. Their content is not trusted: it only causes a poll. */
export interface VendorWebhooksService {
  /** Returns the path for the webhooks of an account. Undefined if its vendor sends none. */
  readonly pathOf: (account: string) => string | undefined
  /**
   * Returns the receiver of an account. Undefined if there is no such account, or the secret is wrong, so that the body of
   * such a request is never read.
   */
  readonly receiver: (
    account: string,
    secret: string
  ) => ((request: VendorRequest) => Effect.Effect<VendorResponse>) | undefined
}

/** Receives webhooks of vendors. */
export class VendorWebhooks extends Context.Service<VendorWebhooks, VendorWebhooksService>()(
  "@gentask/tracker/VendorWebhooks"
) {}
