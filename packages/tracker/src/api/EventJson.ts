/** An event, as it is streamed and sent to webhooks. */
export interface EventJson {
  /** The position in the stream of events. */
  readonly seq: number
  /** Identifies the event. The same for each delivery of it. */
  readonly id: string
  /** What happened. */
  readonly type: "task.added" | "task.status" | "task.ended" | "task.saved" | "task.save-failed"
  /** The task ref. */
  readonly ref: string
  /** When it happened, in ISO 8601. */
  readonly at: string
  /** The details, such as the snapshot of the task. */
  readonly body: unknown
}
