/** A webhook endpoint. */
export interface EndpointJson {
  /** The id of the endpoint. */
  readonly id: string
  /** Where events are sent. */
  readonly url: string
  /** Types of events. Empty for all. */
  readonly events: ReadonlyArray<string>
  /** Whether events are sent. */
  readonly isEnabled: boolean
  /** When the endpoint was created, in ISO 8601. */
  readonly createdAt: string
}

/** A webhook endpoint with its secret, which is shown only once. */
export interface EndpointWithSecretJson extends EndpointJson {
  /** The secret of the signatures, in the form `whsec_…`. */
  readonly secret: string
}

/** The result of a test delivery. */
export interface EndpointTestJson {
  /** Whether the endpoint returned a status of 2xx. */
  readonly isDelivered: boolean
  /** The HTTP status. Null if there was no response. */
  readonly status: number | null
  /** What failed. */
  readonly error: string | null
}
