/** What identifies a task at the vendor. */
export interface TaskKey<Params> {
  /** The vendor's task id. */
  readonly id: string
  /** The ref's params, validated with the spec's `params` schema. */
  readonly params: Params
}
