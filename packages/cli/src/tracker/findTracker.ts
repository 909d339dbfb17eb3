import { existsSync } from "node:fs"
import { defaultLedgerPath, trackerInfoPath } from "@gentask/ledger/internal/path"
import * as Effect from "effect/Effect"
import { UsageError } from "../UsageError.ts"
import type { TrackerAddress } from "./TrackerAddress.ts"

/** Which tracker a command uses. */
export interface TrackerChoice {
  /** The URL of `--server`. */
  readonly server?: string | undefined
  /** Whether to use the tracker that owns the ledger's file, if there is one. @default false */
  readonly usesLocal?: boolean | undefined
  /** Whether the user wants the vendor's responses, which a tracker does not keep. @default false */
  readonly raw?: boolean | undefined
}

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === ""

/** Returns the URL of a tracker that the user has named. */
const namedServer = (server: string | undefined): string | undefined => {
  const text = server ?? process.env["GENTASK_SERVER"]
  return isBlank(text) ? undefined : text?.trim()
}

/**
 * Returns the tracker that carries out a command: that of `--server` or GENTASK_SERVER, or the one that owns the ledger's
 * file. Undefined if the command runs by itself.
 */
export const findTracker = ({ server, usesLocal = false, raw = false }: TrackerChoice = {}): Effect.Effect<
  TrackerAddress | undefined,
  UsageError
> => {
  const named = namedServer(server)
  const ledgerPath = defaultLedgerPath()
  if (named === undefined && (!usesLocal || raw || !existsSync(trackerInfoPath(ledgerPath))))
    return Effect.undefined
  if (raw)
    return Effect.fail(
      new UsageError({
        message: "--raw is not available with a tracker, which does not keep the vendor's responses."
      })
    )
  return Effect.flatMap(
    Effect.promise(() => import("./readTrackerAddress.ts")),
    ({ localTracker, namedTracker }) => (named === undefined ? localTracker(ledgerPath) : namedTracker(named))
  )
}
