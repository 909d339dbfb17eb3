/** The headers of an HTTP request: `Headers`, those of `node:http`, or an object. Case does not matter. */
export type WebhookHeaders =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

/** A webhook: an HTTP request that a vendor sent to your server. */
export interface IncomingWebhook {
  /** The headers: `Headers`, `request.headers` of `node:http`, or an object. */
  readonly headers: WebhookHeaders
  /** The body exactly as it was received: bytes, or UTF-8 text. A parsed body cannot be verified. */
  readonly body: Uint8Array | string
  /**
   * The secret that the vendor signs its webhooks with. False accepts webhooks without a signature from a vendor that signs
   * them only if you have set a secret. They can cause no more than a query, but anyone can send them.
   *
   * @default no secret. Required if the vendor signs its webhooks with one.
   */
  readonly secret?: string | false | undefined
}

/** What a webhook says. Its content is never used as the status of a task. */
export interface ReceivedWebhook {
  /**
   * The refs of the tasks that have changed. Empty if the webhook is about none. A vendor may leave out a param that a query
   * needs: such a ref is complete only while this client waits for the task.
   */
  readonly refs: ReadonlyArray<string>
  /** Whether a signature proves that the vendor sent the webhook. Otherwise, anyone may have. */
  readonly isVerified: boolean
  /** The JSON value that the vendor expects as the response. Undefined if any 2xx response will do. */
  readonly response: unknown
}
