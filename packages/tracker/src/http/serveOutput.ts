import { constants } from "node:fs"
import { open, realpath } from "node:fs/promises"
import type { FileHandle } from "node:fs/promises"
import { basename, relative, isAbsolute, sep } from "node:path"
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Scope } from "effect/Scope"
import type { TaskRecord } from "../store/TrackerStore.ts"
import { parseByteRange } from "./byteRange.ts"
import { NotFound, RangeNotSatisfiable } from "./problems.ts"

type File = TaskRecord["files"][number]

const missing = (): NotFound =>
  new NotFound({ detail: "The saved file is missing, has changed, or is outside of the tracker's folder." })

const isBelow = (dir: string, path: string): boolean => {
  const below = relative(dir, path)
  return below !== "" && below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below)
}

/** Opens a file if it is below the folder, also after symbolic links have been followed. */
const openBelow = async (dir: string, path: string): Promise<FileHandle> => {
  const [root, target] = await Promise.all([realpath(dir), realpath(path)])
  if (!isBelow(root, target)) throw new Error("The path is outside of the folder.")
  // The path has no links left. One that was put there since is not followed. A named pipe does not block.
  return open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
}

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
  dir: string
): Effect.Effect<HttpServerResponse.HttpServerResponse, NotFound | RangeNotSatisfiable, Scope> =>
  Effect.gen(function* () {
    const handle = yield* Effect.acquireRelease(
      Effect.tryPromise({ try: () => openBelow(dir, file.path), catch: missing }),
      (opened) => Effect.promise(() => opened.close().catch(() => undefined))
    )
    const stats = yield* Effect.tryPromise({ try: () => handle.stat(), catch: missing })
    if (!stats.isFile() || stats.size !== file.bytes) return yield* missing()
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
    if (ifNoneMatch !== undefined && matchesAny(ifNoneMatch, etag))
      return HttpServerResponse.empty({ status: 304, headers })
    const ifRange = request.headers["if-range"]
    const range =
      ifRange === undefined || ifRange === etag
        ? parseByteRange(request.headers["range"], stats.size)
        : undefined
    if (range === "unsatisfiable")
      return yield* new RangeNotSatisfiable({ detail: `The file has ${stats.size} bytes.` })
    const { start, end } = range ?? { start: 0, end: stats.size - 1 }
    const options = {
      status: range === undefined ? 200 : 206,
      headers:
        range === undefined
          ? headers
          : { ...headers, "content-range": `bytes ${start}-${end}/${stats.size}` },
      contentType: mediaTypePattern.test(file.mediaType) ? file.mediaType : "application/octet-stream",
      contentLength: end - start + 1
    }
    if (request.method === "HEAD" || stats.size === 0) return HttpServerResponse.raw(null, options)
    return HttpServerResponse.raw(handle.createReadStream({ start, end, autoClose: false }), options)
  })
