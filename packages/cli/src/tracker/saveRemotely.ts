import type { SaveError, SaveOptions, TaskSnapshot } from "@gentask/core"
import type { TransportService } from "@gentask/core/effect"
import { unreportedSnapshot } from "@gentask/core/internal"
import { parseSaveOptions, save } from "@gentask/core/internal/save"
import { decodeSnapshot } from "@gentask/core/schema"
import type { FileJson, TaskJson } from "@gentask/tracker/client"
import * as Effect from "effect/Effect"
import type { TrackerAddress } from "./TrackerAddress.ts"

/**
 * The origin of links to the tracker's files. The transport replaces it by that of the tracker, which may be in a private
 * network, where links of a vendor must not lead.
 */
const trackerOrigin = "https://gentask-tracker.invalid"

/** Sends requests for the tracker's files to the tracker. */
const trackerTransport = (
  transport: TransportService,
  { url: tracker }: TrackerAddress
): TransportService => ({
  ...transport,
  open: (request) => {
    if (request.url.origin !== trackerOrigin) return transport.open(request)
    const url = new URL(`${tracker}${request.url.pathname}`)
    return transport.open({ ...request, url, allowPrivate: true })
  }
})

/** The files with a role, in the order of the outputs, which their names end with the number of. */
const filesOf = (files: ReadonlyArray<FileJson>, role: string): ReadonlyArray<FileJson> =>
  files
    .filter((file) => file.role === role)
    .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }))

/**
 * Returns the snapshot of a task whose outputs are the files that the tracker has saved. Outputs with a role of which it has
 * not saved all files keep the vendor's links.
 */
const withTrackerLinks = ({ files }: TaskJson, snapshot: TaskSnapshot): TaskSnapshot => {
  const position = new Map<string, number>()
  const outputs = snapshot.outputs.map((output) => {
    const { role } = output
    const index = position.get(role) ?? 0
    position.set(role, index + 1)
    const saved = filesOf(files, role)
    const isComplete = saved.length === snapshot.outputs.filter((each) => each.role === role).length
    const file = isComplete ? saved[index] : undefined
    if (file === undefined) return output
    return {
      ...output,
      url: `${trackerOrigin}${file.url}`,
      inline: null,
      mediaType: file.mediaType,
      expiresAt: null,
      isPrivate: true
    }
  })
  return { ...snapshot, outputs }
}

/** What saving through a tracker needs. */
export interface RemoteSaveContext<E> {
  readonly transport: TransportService
  readonly address: TrackerAddress
  /** Requests the task. The tracker responds when it has saved the outputs, or after this time in seconds. */
  readonly load: (wait: number) => Effect.Effect<TaskJson, E>
}

/** How long the tracker may hold a request, in seconds. */
const holdSeconds = 20

/** Downloads the outputs of a task from the tracker that has saved them. */
export const saveRemotely = Effect.fnUntraced(function* <E>(
  options: SaveOptions,
  { transport, address, load }: RemoteSaveContext<E>
): Effect.fn.Return<Effect.Success<ReturnType<typeof save>>, SaveError | E> {
  let task = yield* load(0)
  while (task.status === "succeeded" && task.saveState === "due") {
    task = yield* load(holdSeconds)
    if (task.saveState === "due") yield* Effect.sleep(500)
  }
  const snapshotOf = (json: TaskJson): TaskSnapshot =>
    json.snapshot === null
      ? unreportedSnapshot(json.ref, "unknown")
      : withTrackerLinks(json, decodeSnapshot(json.snapshot))
  return yield* save(snapshotOf(task), parseSaveOptions(options), {
    transport: trackerTransport(transport, address),
    isLocal: false,
    ownOrigin: trackerOrigin,
    credentials: ({ url }) =>
      url.origin === trackerOrigin ? { authorization: `Bearer ${address.token}` } : undefined,
    refresh: Effect.map(load(0), snapshotOf)
  })
})
