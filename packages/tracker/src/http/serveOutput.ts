import { basename } from "node:path"
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Scope } from "effect/Scope"
import type { TaskRecord } from "../store/TrackerStore.ts"
import { parseByteRange } from "./byteRange.ts"
import type { OpenOutput } from "./openOutput.ts"
import { RangeNotSatisfiable } from "./problems.ts"
import type { NotFound, Unavailable } from "./problems.ts"

type File = TaskRecord["files"][number]

const contentDisposition = (path: string): string => {
  const name = basename(path).toWellFormed()
  const ascii = name.replaceAll(/[^\w.() -]/g, "_")
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

const mediaTypePattern = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i

const matchesAny = (header: string, etag: string): boolean =>
  header.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag)

/** Responds with a saved file, or with a part of it. */
export const serveOutput = (
  request: HttpServerRequest,
  file: File,
  open: Effect.Effect<OpenOutput, NotFound | Unavailable, Scope>
): Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  NotFound | RangeNotSatisfiable | Unavailable,
  Scope
> =>
  Effect.gen(function* () {
    const { check, read } = yield* open
    const etag = `"${file.sha256}"`
    const headers = {
      etag,
      "repr-digest": `sha-256=:${Buffer.from(file.sha256, "hex").toString("base64")}:`,
      "accept-ranges": "bytes",
      "content-disposition": contentDisposition(file.path),
      "cache-control": "private, max-age=31536000, immutable",
      // Media of others must not run scripts in the origin of the API.
      "content-security-policy": "sandbox; default-src 'none'"
    }
    const ifNoneMatch = request.headers["if-none-match"]
    if (ifNoneMatch !== undefined && matchesAny(ifNoneMatch, etag)) {
      yield* check
      return HttpServerResponse.empty({ status: 304, headers })
    }
    const ifRange = request.headers["if-range"]
    const range =
      ifRange === undefined || ifRange === etag
        ? parseByteRange(request.headers["range"], file.bytes)
        : undefined
    if (range === "unsatisfiable") {
      yield* check
      return yield* new RangeNotSatisfiable({ detail: `The file has ${file.bytes} bytes.` })
    }
    const { start, end } = range ?? { start: 0, end: file.bytes - 1 }
    const options = {
      status: range === undefined ? 200 : 206,
      headers:
        range === undefined
          ? headers
          : { ...headers, "content-range": `bytes ${start}-${end}/${file.bytes}` },
      contentType: mediaTypePattern.test(file.mediaType) ? file.mediaType : "application/octet-stream",
      contentLength: end - start + 1
    }
    if (request.method === "HEAD" || file.bytes === 0) {
      yield* check
      return HttpServerResponse.raw(null, options)
    }
    return HttpServerResponse.raw(yield* read(range), options)
  })
