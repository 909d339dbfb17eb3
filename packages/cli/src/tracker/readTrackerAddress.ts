import { readFile } from "node:fs/promises"
import { trackerInfoPath, trackerLockPath } from "@gentask/ledger/internal/path"
import * as Effect from "effect/Effect"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"
import { readLocalToken } from "./localToken.ts"
import { checkTracker } from "./remoteRecords.ts"
import type { TrackerAddress } from "./TrackerAddress.ts"

const loopbackHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"])

const missingToken = (url: string): UsageError =>
  new UsageError({ message: `The token of the tracker at ${url} is missing. Set GENTASK_TOKEN.` })

/** The token of the environment, or, for a tracker of this user, that of its file. */
const tokenFor = Effect.fnUntraced(function* (
  url: URL,
  isOwn: boolean
): Effect.fn.Return<string, UsageError> {
  const given = process.env["GENTASK_TOKEN"]?.trim()
  if (given !== undefined && given !== "") return given
  // The local token is for no other machine.
  if (!isOwn) return yield* missingToken(url.origin)
  const token = yield* Effect.tryPromise({
    try: () => readLocalToken(),
    catch: (error) =>
      new UsageError({
        message: `Cannot read the tracker's token: ${errorMessage(error)}. Set GENTASK_TOKEN.`
      })
  })
  return token ?? (yield* missingToken(url.origin))
})

/** The tracker of `--server` or GENTASK_SERVER. */
export const namedTracker = Effect.fnUntraced(function* (
  text: string
): Effect.fn.Return<TrackerAddress, UsageError> {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    return yield* new UsageError({
      message:
        "Invalid server: expected the http or https URL of a tracker, such as http://127.0.0.1:4370, without a password."
    })
  const address = {
    url: `${url.origin}${url.pathname}`.replace(/\/$/, ""),
    token: yield* tokenFor(url, loopbackHosts.has(url.hostname)),
    ownsLedger: false
  }
  yield* checkTracker(address)
  return address
})

/** The address that a tracker has written. Undefined if the tracker has removed it since, or it is invalid. */
const readAddress = async (ledgerPath: string): Promise<URL | undefined> => {
  try {
    const { url } = JSON.parse(await readFile(trackerInfoPath(ledgerPath), "utf8")) as {
      readonly url?: unknown
    }
    return typeof url === "string" ? (URL.parse(url) ?? undefined) : undefined
  } catch {
    return undefined
  }
}

/** Whether a tracker holds the lock of a ledger, which the system frees when the tracker's process ends. */
const isLocked = (ledgerPath: string): boolean => {
  // Bundlers remove the prefix of other imports, and this module has no name without it.
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite")
  try {
    const lock = new DatabaseSync(trackerLockPath(ledgerPath), { readOnly: true })
    try {
      lock.prepare("select 1 from sqlite_schema").get()
      return false
    } finally {
      lock.close()
    }
  } catch (error) {
    const busy = 5
    return (error as { readonly errcode?: number }).errcode === busy
  }
}

/** The tracker that owns a ledger. Undefined if it has ended: the file of a process that was killed stays. */
export const localTracker = Effect.fnUntraced(function* (
  ledgerPath: string
): Effect.fn.Return<TrackerAddress | undefined, UsageError> {
  const url = yield* Effect.promise(() => readAddress(ledgerPath))
  if (url === undefined || !isLocked(ledgerPath)) return undefined
  return { url: url.href.replace(/\/$/, ""), token: yield* tokenFor(url, true), ownsLedger: true }
})
