/** Submits, as the store keeps them. */

/** A submit that the owner of its account carries out. */
export interface QueuedSubmit {
  /** A UUID. */
  readonly id: string
  readonly account: string
  /** Identifies the submit. Unique per account. */
  readonly idempotencyKey: string
  /** The request of the API as JSON. Removed when the submit has an outcome, since it may contain files. */
  readonly request: unknown
  /** The SHA-256 digest of the request, to recognize another request with the same key. */
  readonly digest: string
  /** Where to send the events when its tasks have ended and are saved. */
  readonly webhook?: SubmitWebhook | undefined
}

/** The webhook of a submit. */
export interface SubmitWebhook {
  readonly url: string
  /** The secret of its signatures, in the form `whsec_…`. */
  readonly secret: string
}

/** A submit with its outcome, as the ledger's intent has it. */
export interface SubmitRecord {
  readonly id: string
  readonly account: string
  readonly idempotencyKey: string
  readonly digest: string
  /** `invalid`: nothing was sent. */
  readonly state: "queued" | "accepted" | "rejected" | "unknown" | "invalid"
  readonly refs: ReadonlyArray<string>
  /** The error as JSON, as `toJson` of core encodes it. */
  readonly error: unknown
}
