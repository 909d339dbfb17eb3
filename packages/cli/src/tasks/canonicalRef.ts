import { TaskRef } from "@gentask/core"

/** Returns the canonical text of a ref, as in the ledger. Returns other text unchanged. */
export const canonicalRef = (text: string): string => {
  try {
    return TaskRef.format(TaskRef.parse(text))
  } catch {
    return text
  }
}
