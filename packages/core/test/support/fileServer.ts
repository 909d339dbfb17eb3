/** A transport that answers requests for files from a script, and a folder with a part file in it. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { DownloadRequest, Transport } from "@gentask/core/effect"
import type { ErrorReason } from "@gentask/core/provider"
import type { DownloadContext } from "../../src/save/download/download.ts"
import { openPartFile } from "../../src/save/download/PartFile.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"

/** An answer of the script: chunks of a body, a byte a character, which may break off with an error, or why there is none. */
export type FileAnswer =
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly chunks?: ReadonlyArray<string | Error>
    }
  | ErrorReason

/** What was asked, without what each request has. */
export interface FileRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

// oxlint-disable-next-line typescript/require-await -- a body comes as it comes
async function* bodyOf(chunks: ReadonlyArray<string | Error>) {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk
    yield Buffer.from(chunk, "latin1")
  }
}

/** Answers in order. */
export const fileServer = (answers: ReadonlyArray<FileAnswer>) => {
  const requests: Array<DownloadRequest> = []
  const transport: Transport["Service"] = {
    send: () => Effect.die("no vendor is asked here"),
    open: (request) =>
      Effect.suspend(() => {
        const answer = answers[requests.length]
        requests.push(request)
        if (answer === undefined) return Effect.die("one request more than the script has answers")
        if ("_tag" in answer) return Effect.fail(answer)
        const { status = 200, headers = {}, chunks = [] } = answer
        return Effect.succeed({ status, headers, body: bodyOf(chunks) })
      })
  }
  return {
    transport,
    requests,
    /** The requests without the headers that each has. */
    asked: (): ReadonlyArray<FileRequest> =>
      requests.map(({ url, headers }) => ({
        url: url.href,
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("accept")))
      }))
  }
}

/** What a download needs, with limits that no test reaches unless it wants to. */
export const downloadContext = (
  transport: Transport["Service"],
  rest: Partial<DownloadContext> = {}
): DownloadContext => ({
  transport,
  isLocal: false,
  credentials: () => undefined,
  maxBytes: 1000,
  minSpeed: 1,
  ...rest
})

/** A part file of its own, gone with the scope. */
export const temporaryPart = async (): Promise<PartFile & AsyncDisposable> => {
  const folder = await mkdtemp(join(tmpdir(), "gentask-"))
  const part = await openPartFile(join(folder, ".file.part"))
  return Object.assign(part, {
    [Symbol.asyncDispose]: async () => {
      await part.handle.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
}
