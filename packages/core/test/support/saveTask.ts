/** Saves tasks whose files a scripted file server has. */
import { readdir } from "node:fs/promises"
import * as Effect from "effect/Effect"
import type { FolderPlace, Output, SaveSettings, TaskSnapshot } from "@gentask/core"
import { save } from "../../src/save/save.ts"
import { parseSaveOptions } from "../../src/save/SaveOptions.ts"
import { fileServer } from "./fileServer.ts"
import type { FileResponse } from "./fileServer.ts"
import { png } from "./mediaFiles.ts"
import { makeSnapshot } from "./snapshot.ts"

/** A response with a complete file. */
export const responseOf = (bytes: Buffer): FileResponse => ({
  headers: { "content-length": String(bytes.length), etag: '"v"' },
  chunks: [bytes.toString("latin1")]
})
/** A response with a complete image. */
export const image = responseOf(png)
/** A succeeded task with these outputs. */
export const task = (outputs: ReadonlyArray<Output>, fields: Partial<TaskSnapshot> = {}): TaskSnapshot =>
  makeSnapshot({ outputs, ...fields })

/** Saves a task into `dir`, and returns the result with the content of the folder and the requested URLs. */
export const saveTask = async (
  dir: string,
  snapshot: TaskSnapshot,
  responses: ReadonlyArray<FileResponse>,
  { refreshed, ...options }: Partial<FolderPlace & SaveSettings> & { readonly refreshed?: TaskSnapshot } = {}
) => {
  const server = fileServer(responses)
  const result = await Effect.runPromise(
    Effect.result(
      save(snapshot, parseSaveOptions({ dir, attempts: 1, ...options }), {
        transport: server.transport,
        isLocal: false,
        credentials: () => undefined,
        refresh: refreshed === undefined ? Effect.fail("unexpected query") : Effect.succeed(refreshed)
      })
    )
  )
  const files = result._tag === "Success" ? result.success : result.failure.saved
  const error = result._tag === "Failure" ? result.failure : undefined
  return {
    files: files.map(({ path, bytes, alreadySaved }) => ({
      name: path.slice(dir.length + 1),
      bytes,
      alreadySaved
    })),
    error: error && {
      tag: error.reason._tag,
      message: error.message.replaceAll(dir, "DIR"),
      isRetryable: error.isRetryable
    },
    names: (await readdir(dir)).toSorted(),
    urls: server.received().map(({ url }) => url)
  }
}

/** The result for a file that was downloaded. */
export const file = (name: string) => ({ name, bytes: png.length, alreadySaved: false })
