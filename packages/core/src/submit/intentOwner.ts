/** Identifies the process that submits an intent, and finds out whether it may still submit it. */
import type { Intent, NewIntent } from "../ledger/Ledger.ts"
import { livenessOf, makeProcessToken } from "../process/processToken.ts"

/** No submit of a process on another machine, which cannot be observed, takes longer than this, in milliseconds. */
const maxRemoteMs = 24 * 60 * 60_000

/**
 * How long after its intent a request may be sent, in milliseconds. A process that was suspended in between must not send it
 * when other processes assume that it has ended. Clocks of machines may differ by the rest of the time.
 */
export const maxSendDelayMs = maxRemoteMs / 2

let token: string | undefined

/** Returns the text that identifies this process in the ledger. */
export const thisProcessToken = (): string => (token ??= makeProcessToken())

type Key = Pick<NewIntent, "account" | "idempotencyKey">

/** How many submits of this process, of all its clients, are using each key now. */
const running = new Map<string, number>()

const nameOf = ({ account, idempotencyKey }: Key): string => `${account} ${idempotencyKey}`

/** Marks a key as being submitted by this process. Returns a function that removes the mark. */
export const markSubmitting = (key: Key): (() => void) => {
  const name = nameOf(key)
  running.set(name, (running.get(name) ?? 0) + 1)
  return () => {
    const left = (running.get(name) ?? 1) - 1
    if (left === 0) running.delete(name)
    else running.set(name, left)
  }
}

/** Whether an intent without an outcome may still be sent by the process that recorded it. */
export const isSubmitting = (intent: Pick<Intent, keyof Key | "owner" | "createdAt">): boolean => {
  if (intent.owner === thisProcessToken()) return running.has(nameOf(intent))
  const liveness = livenessOf(intent.owner)
  if (liveness !== "unknown") return liveness === "alive"
  return Date.now() - intent.createdAt.getTime() < maxRemoteMs
}
