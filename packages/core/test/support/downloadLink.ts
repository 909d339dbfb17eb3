/** Runs single download attempts against a scripted file server. */
import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { downloadLink } from "../../src/save/download/downloadLink.ts"
import type { DownloadContext } from "../../src/save/download/downloadLink.ts"
import { appendToPartFile, resetPartFile } from "../../src/save/download/PartFile.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"
import type { PartMetadata } from "../../src/save/download/PartNote.ts"
import { downloadContext, fileServer, temporaryPartFile } from "./fileServer.ts"
import type { FileResponse } from "./fileServer.ts"

/** The link that is downloaded by default. */
export const link = new URL("https://files.example.com/a.png")

/** What an earlier attempt has left. */
export interface Earlier {
  readonly bytes: string
  readonly metadata: PartMetadata | undefined
}

const prepare = async (part: PartFile, earlier: Earlier | undefined): Promise<void> => {
  if (earlier === undefined) return
  await resetPartFile(part, earlier.metadata)
  await appendToPartFile(part, [Buffer.from(earlier.bytes)])
}

/** Makes one attempt, and returns its result, the part file and the received requests. */
export const download = async (
  responses: ReadonlyArray<FileResponse>,
  options: {
    readonly earlier?: Earlier
    readonly url?: URL
    readonly isPrivate?: boolean
  } & Partial<DownloadContext> = {}
) => {
  const { earlier, url = link, isPrivate, ...context } = options
  await using part = await temporaryPartFile()
  await prepare(part, earlier)
  const server = fileServer(responses)
  const exit = await Effect.runPromise(
    Effect.result(
      downloadLink(
        { url, identity: metadata.identity, isPrivate },
        part,
        downloadContext(server.transport, context)
      )
    )
  )
  const failure = exit._tag === "Failure" ? exit.failure : undefined
  return {
    result: exit._tag === "Success" ? exit.success : undefined,
    failure,
    error: failure && { tag: failure.reason._tag, message: failure.message },
    bytes: await readFile(part.path, "utf8"),
    metadata: part.metadata,
    received: server.received(),
    requests: server.requests
  }
}

/** The start of a response with a file of six bytes. */
export const file = { headers: { "content-length": "6", "content-type": "image/png", etag: '"v1"' } }
/** The metadata of that file. */
export const metadata: PartMetadata = {
  identity: { source: "https://files.example.com/a.png", query: [], sha256: null, position: 1, count: 1 },
  validator: '"v1"',
  total: 6,
  contentType: "image/png"
}
/** The first half of that file. */
export const earlier: Earlier = { bytes: "abc", metadata }
