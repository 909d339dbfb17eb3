import type { ProviderSpec } from "@gentask/core/provider"
import type { OperationDefect } from "./OperationDefect.ts"

type Names = "cancel" | "upload" | "balance" | "recover" | "webhook"

/** A defect of one operation. */
export const broken = <Name extends Names>(
  operation: Name,
  defect: string,
  members: Partial<NonNullable<ProviderSpec[Name]>>,
  fails: OperationDefect["fails"],
  mayFail?: RegExp
): OperationDefect => ({ defect, operations: { [operation]: members }, fails, mayFail })
