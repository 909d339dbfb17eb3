import type { ResolvedAccount } from "@gentask/core/internal"
import type { AccountConfig } from "../replay/TestContext.ts"
import { openAccount } from "./openCase.ts"
import type { OperationContext } from "./OperationContext.ts"

/** Returns the first account whose options are valid. */
export const firstAccount = (
  context: OperationContext,
  preferred?: AccountConfig
): ResolvedAccount | undefined => {
  for (const config of [...(preferred === undefined ? [] : [preferred]), ...context.accounts]) {
    try {
      return openAccount(context, config)
    } catch {
      // An endpoint may need settings that only some recordings have.
    }
  }
  return undefined
}
