/** Events, and their deliveries to webhook endpoints. */

/** The types of events. */
export const eventTypes = [
  "task.added",
  "task.status",
  "task.ended",
  "task.saved",
  "task.save-failed"
] as const

/** An event, as it is streamed and sent to webhooks. */
export interface TrackerEvent {
  readonly seq: number
  /**
   * The same for each delivery of the event, such as `jimmy:123/succeeded`. That of a status that is not terminal has a
   * number, since it may return: `jimmy:123/running/2`.
   */
  readonly id: string
  readonly ref: string
  readonly type: (typeof eventTypes)[number]
  readonly at: Date
  /**
   * Stays the same. `task.status`: `{ status, rawStatus, progress }`. `task.ended`: `{ status, rawStatus, task }` with the
   * snapshot as JSON, which is absent if another program recorded it. `task.saved`: `{ files }`. `task.save-failed`:
   * `{ error, attempts }`. `task.added`: `{}`, or `{ intentId }`.
   */
  readonly body: unknown
}

/** A webhook endpoint of the user. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  /** Types of events. Empty for all. */
  readonly events: ReadonlyArray<string>
  /** Secrets in the form `whsec_…`: the current one, and during a rotation also the previous one. */
  readonly secrets: ReadonlyArray<string>
  readonly isEnabled: boolean
  readonly createdAt: Date
  /**
   * Endpoints with the same lane are the same receiver, and share how many messages are sent at the same time.
   *
   * @default the id
   */
  readonly lane?: string | undefined
}

/** A delivery of an event to an endpoint. */
export interface Delivery {
  readonly id: number
  readonly event: TrackerEvent
  readonly endpoint: WebhookEndpoint
  readonly attempts: number
  readonly lastError: string | null
}
