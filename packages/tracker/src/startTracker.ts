import { parseDuration } from "@gentask/core/internal"
import { invalidOption } from "@gentask/core/internal/engine"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { RunningServer, trackerLayer } from "./trackerLayer.ts"
import type { Tracker, TrackerOptions } from "./TrackerOptions.ts"
import { trackerParts } from "./trackerParts.ts"

const isPublicUrl = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === ""
}

const checkOptions = ({
  providers,
  database,
  runner,
  dir,
  tokens,
  publicUrl,
  hookSecret,
  keepFor
}: TrackerOptions): void => {
  if (providers.length === 0)
    throw invalidOption("providers", "startTracker needs at least one account, such as jimmy({ apiKey }).")
  if (typeof dir !== "string" || dir === "")
    throw invalidOption("dir", 'Invalid dir: expected the path of a folder, such as "files".')
  // Other characters cannot be sent in a header.
  if (!tokens.every(({ token }) => /^[!-~]{16,}$/.test(token)))
    throw invalidOption(
      "tokens",
      "Invalid token: expected at least 16 letters, digits or punctuation marks of ASCII."
    )
  const isPostgres = database !== undefined && "postgres" in database
  if (isPostgres && runner === undefined)
    throw invalidOption(
      "runner",
      "A tracker on Postgres needs the option runner: the host and the port at which other trackers reach it."
    )
  if (!isPostgres && runner !== undefined)
    throw invalidOption(
      "runner",
      "Several trackers need a Postgres database. Set database, or remove the option runner."
    )
  if (publicUrl !== undefined && !isPublicUrl(publicUrl))
    throw invalidOption(
      "publicUrl",
      "Invalid publicUrl: expected the URL of this tracker without a query, such as https://tracker.example.com."
    )
  if (hookSecret !== undefined && hookSecret.length < 16)
    throw invalidOption("hookSecret", "Invalid hookSecret: expected at least 16 characters.")
  if (keepFor !== undefined && parseDuration(keepFor) === undefined)
    throw invalidOption("keepFor", 'Invalid keepFor: expected a duration, such as "90 days".')
}

/**
 * Starts a tracker: it polls the open tasks of its accounts, saves their outputs, submits tasks, delivers events to
 * webhooks, and serves an HTTP API. What was accepted survives kill -9.
 *
 * ```ts
 * const tracker = await startTracker({
 *   providers: [jimmy({ apiKey: process.env.JIMMY_API_KEY })],
 *   dir: "files",
 *   tokens: [{ token: process.env.TRACKER_TOKEN, scopes: ["read", "submit", "admin"] }]
 * })
 * console.log(tracker.url)
 * await tracker.close()
 * ```
 *
 * Rejects with a `ConfigurationError` if an option is invalid, with `TrackerRunning` if another tracker uses the SQLite
 * file, and with a `StoreError` if the database cannot be used.
 */
export const startTracker = async (options: TrackerOptions): Promise<Tracker> => {
  checkOptions(options)
  const runtime = ManagedRuntime.make(trackerLayer(options, trackerParts))
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= runtime.dispose())
  try {
    const { url, accounts } = await runtime.runPromise(RunningServer)
    return { url, accounts, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}
