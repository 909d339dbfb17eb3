import { livenessOf, makeOwner } from "../save/lock/LockOwner.ts"

let token: string | undefined

/** Returns the text that identifies this process in the ledger. */
export const thisProcessToken = (): string => (token ??= makeOwner().token)

/**
 * Checks whether the process with a token may still run. A process of another machine counts as running, because this one
 * cannot know.
 */
export const isProcessAlive = (owner: string): boolean => livenessOf(owner) !== "dead"
