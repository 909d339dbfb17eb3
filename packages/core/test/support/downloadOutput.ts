/** Downloads outputs from a scripted file server, on a clock that does not wait. */
import * as Effect from "effect/Effect"
import type { Output } from "@gentask/core"
import { downloadOutput } from "../../src/save/download/downloadOutput.ts"
import { listOutputs, outputAt } from "../../src/save/OutputList.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"
import { downloadContext, fileServer, temporaryPartFile } from "./fileServer.ts"
import type { FileResponse } from "./fileServer.ts"
import { instantClock } from "./instantClock.ts"
import { makeOutput, makeSnapshot } from "./snapshot.ts"

/** When the clock starts. */
export const start = Date.parse("2026-01-01T00:00:00Z")

/** An output with a link. */
export const output = (url: string, fields: Partial<Output> = {}): Output => makeOutput({ url, ...fields })

/** Bytes as a chunk of a scripted response. */
export const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1")
/** A response with a complete file. */
export const complete = (bytes: Uint8Array): FileResponse => ({
  headers: { "content-length": String(bytes.length) },
  chunks: [binary(bytes)]
})

interface Options {
  readonly output?: Output
  readonly others?: ReadonlyArray<Output>
  readonly attempts?: number
  readonly maxBytes?: number
  /** The outputs that each further query of the task returns; a text is an error. */
  readonly refreshed?: ReadonlyArray<ReadonlyArray<Output> | string>
  /** Called with the part file before each response's body is read. */
  readonly beforeBody?: (part: PartFile) => Promise<void>
}

/** Downloads an output, and returns the result, the delays, the retries and the requests. */
export const download = async (responses: ReadonlyArray<FileResponse>, options: Options = {}) => {
  await using part = await temporaryPartFile()
  const { output: requested = output("https://files.example.com/a.png?sig=1"), others = [] } = options
  const snapshot = makeSnapshot({ outputs: [...others, requested] })
  const list = listOutputs(snapshot, requested.role)
  const listed = outputAt(list, list.outputs.indexOf(requested))
  if (listed === undefined) throw new Error("the output is not in the list")
  const clock = instantClock(start)
  const server = fileServer(responses)
  const retries: Array<readonly [string, string]> = []
  let queries = 0
  const refresh = Effect.suspend(() => {
    const next = options.refreshed?.[queries] ?? "unexpected query"
    queries += 1
    return typeof next === "string" ? Effect.fail(next) : Effect.succeed(makeSnapshot({ outputs: next }))
  })
  const { beforeBody } = options
  const transport: typeof server.transport =
    beforeBody === undefined
      ? server.transport
      : {
          ...server.transport,
          open: (request) =>
            Effect.tap(server.transport.open(request), () => Effect.promise(() => beforeBody(part)))
        }
  const result = await Effect.runPromise(
    clock.run(
      Effect.result(
        downloadOutput(snapshot.ref, listed, part, {
          ...downloadContext(transport, { maxBytes: options.maxBytes ?? 100_000 }),
          refresh,
          attempts: options.attempts ?? 3,
          onRetry: (ref, reason) => retries.push([ref, reason])
        })
      )
    )
  )
  return {
    media: result._tag === "Success" ? result.success.media : undefined,
    source: result._tag === "Success" ? result.success.source.output.url : undefined,
    reason: result._tag === "Failure" ? result.failure.reason : undefined,
    cause: result._tag === "Failure" ? result.failure.cause : undefined,
    partPath: part.path,
    slept: clock.slept,
    retries: retries.map(([, reason]) => reason),
    refs: [...new Set(retries.map(([ref]) => ref))],
    queries,
    urls: server.received().map(({ url }) => url)
  }
}

/** The detected media of `png`. */
export const pngMedia = { mediaType: "image/png", extension: "png" }
/** The default link, without its query. */
export const url = "https://files.example.com/a.png"
