/** Identifies the process that owns a lock or a part file. */
import { makeProcessToken, thisProcessIdentity } from "../../process/processToken.ts"
import type { ProcessIdentity } from "../../process/processToken.ts"

/** The owner of a lock. Written into the lock file as JSON. */
export interface LockOwner extends ProcessIdentity {
  /** Unique for each time that a lock is acquired. Also part of the names of the owner's files. */
  readonly token: string
}

/** Creates an owner with a new token. */
export const makeOwner = (): LockOwner => ({ token: makeProcessToken(), ...thisProcessIdentity() })

/** Parses the text of a lock file; undefined if it is invalid. */
export const parseOwner = (text: string): Pick<LockOwner, "token" | "pid" | "host"> | undefined => {
  try {
    const json = JSON.parse(text) as Partial<Record<keyof LockOwner, unknown>> | null
    const { token, pid, host } = json ?? {}
    return typeof token === "string" && typeof pid === "number" && typeof host === "string"
      ? { token, pid, host }
      : undefined
  } catch {
    return undefined
  }
}
