/** Saves tasks whose files a scripted file server has. */
import { readFile, readdir } from "node:fs/promises"
import * as Effect from "effect/Effect"
import type { Output, SaveOptions, TaskSnapshot } from "@gentask/core"
import { save } from "../../src/save/save.ts"
import { fileServer } from "./fileServer.ts"
import type { FileResponse } from "./fileServer.ts"
import { makeSnapshot } from "./snapshot.ts"

/** A complete image. */
export const png = await readFile(new URL("../../../emulator/media/sample.png", import.meta.url))
/** A response with that image. */
export const image: FileResponse = {
  headers: { "content-length": String(png.length), etag: '"v"' },
  chunks: [png.toString("latin1")]
}
/** A succeeded task with these outputs. */
export const task = (outputs: ReadonlyArray<Output>, fields: Partial<TaskSnapshot> = {}): TaskSnapshot =>
  makeSnapshot({ outputs, ...fields })

/** Saves a task into `dir`, and returns the result with the content of the folder and the requested URLs. */
export const saveTask = async (
  dir: string,
  snapshot: TaskSnapshot,
  responses: ReadonlyArray<FileResponse>,
  options: Partial<SaveOptions> = {}
) => {
  const server = fileServer(responses)
  const result = await Effect.runPromise(
    Effect.result(
      save(
        snapshot,
        { dir, attempts: 1, ...options },
        {
          transport: server.transport,
          isLocal: false,
          credentials: () => undefined,
          refresh: Effect.fail("unexpected query")
        }
      )
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
