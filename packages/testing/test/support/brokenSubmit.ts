import type { SubmitOperation } from "@gentask/core/provider"
import type { OperationDefect } from "./OperationDefect.ts"
import type { SubmitBody } from "./studio.ts"

/** The submit of studio. */
export type Submit = SubmitOperation<unknown, SubmitBody>

/** A defect of the submit. */
export const brokenSubmit = (
  defect: string,
  members: Partial<Submit>,
  fails: OperationDefect["fails"],
  mayFail?: RegExp
): OperationDefect => ({ defect, operations: { submit: members }, fails, mayFail })
