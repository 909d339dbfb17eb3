/** A transport that serves files from a script, and a temporary part file. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { DownloadRequest, Transport } from "@gentask/core/effect"
import type { ErrorReason } from "@gentask/core/provider"
import type { DownloadContext } from "../../src/save/download/downloadLink.ts"
import { closePartFile, createPartFile } from "../../src/save/download/PartFile.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"

/**
 * A response of the script, or the reason why it fails. Each character of a chunk is a byte; an `Error` interrupts
 * the body.
 */
export type FileResponse =
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly chunks?: ReadonlyArray<string | Error>
    }
  | ErrorReason

/** A received request, without the headers that every request has. */
export interface FileRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

// oxlint-disable-next-line typescript/require-await -- the chunks are available immediately
async function* bodyOf(chunks: ReadonlyArray<string | Error>) {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk
    yield Buffer.from(chunk, "latin1")
  }
}

/** Serves the responses in order. */
export const fileServer = (responses: ReadonlyArray<FileResponse>) => {
  const requests: Array<DownloadRequest> = []
  const transport: Transport["Service"] = {
    send: () => Effect.die("this transport only serves files"),
    open: (request) =>
      Effect.suspend(() => {
        const response = responses[requests.length]
        requests.push(request)
        if (response === undefined) return Effect.die("more requests than scripted responses")
        if ("_tag" in response) return Effect.fail(response)
        const { status = 200, headers = {}, chunks = [] } = response
        return Effect.succeed({ status, headers, body: bodyOf(chunks) })
      })
  }
  return {
    transport,
    requests,
    /** The requests without the headers that every request has. */
    received: (): ReadonlyArray<FileRequest> =>
      requests.map(({ url, headers }) => ({
        url: url.href,
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("accept")))
      }))
  }
}

/** A context for downloads whose limits do not interfere with a test by default. */
export const downloadContext = (
  transport: Transport["Service"],
  fields: Partial<DownloadContext> = {}
): DownloadContext => ({
  transport,
  isLocal: false,
  credentials: () => undefined,
  maxBytes: 1000,
  minSpeed: 1,
  ...fields
})

/** A new part file in a temporary folder, removed at the end of the scope. */
export const temporaryPartFile = async (): Promise<PartFile & AsyncDisposable> => {
  const folder = await mkdtemp(join(tmpdir(), "gentask-"))
  const part = await createPartFile(join(folder, ".file.part"))
  return Object.assign(part, {
    [Symbol.asyncDispose]: async () => {
      await closePartFile(part)
      await rm(folder, { recursive: true, force: true })
    }
  })
}
