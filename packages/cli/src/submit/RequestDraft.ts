import type { InputProblem, SubmitInput } from "@gentask/core"

/** A request as a user described it, before the account is known to exist. */
export interface RequestDraft {
  /** The number of the line of a batch, from 1. Undefined for a single request. */
  readonly line: number | undefined
  readonly account: string
  readonly model: string
  /** The common inputs and the key. */
  readonly common: Omit<SubmitInput, "account" | "model" | "input">
  /** The vendor's own input as JSON. */
  readonly json: Readonly<Record<string, unknown>>
  /** The options `--input`, which override `json`. */
  readonly options: ReadonlyArray<string>
  /** What is wrong with the draft. */
  readonly problems: ReadonlyArray<InputProblem>
}
