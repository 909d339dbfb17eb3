import type * as zlib from "node:zlib"
import * as Effect from "effect/Effect"
import { isTruncatedZstd } from "./isTruncatedZstd.ts"

/** The content codings that `decodeContent` supports: the value of the header `accept-encoding`. */
export const acceptEncoding = "gzip, deflate, br, zstd"

/** Why a body could not be decoded. */
export type ContentError =
  /** The body ends too early. */
  | { readonly _tag: "Truncated" }
  /** The decoded body is larger than the limit. */
  | { readonly _tag: "TooLarge" }
  /** The coding is unknown, or the body is not in it. */
  | { readonly _tag: "Undecodable"; readonly message: string }

/** Bodies up to these sizes, before and after decoding, are decoded at once: a thread would take longer. */
const maxSyncBytes = 16 * 1024
const maxSyncDecodedBytes = 256 * 1024

/** A larger limit on the decoded size would exceed the largest string, in bytes. zlib accepts no infinite one. */
const maxDecodedBytes = 2 ** 30

/** Decoding one body many times takes long, and no server does it. */
const maxCodings = 5

type Options = Pick<zlib.ZlibOptions, "chunkSize" | "maxOutputLength">

interface Decoder {
  readonly sync: (body: Buffer, options: Options) => Buffer
  readonly async: (
    body: Buffer,
    options: Options,
    callback: (error: Error | null, decoded: Buffer) => void
  ) => void
}

/** Loads zlib with the first encoded body: many programs never receive one. */
const loadDecoders = () => {
  const zlib = process.getBuiltinModule("node:zlib")
  return {
    gzip: { sync: zlib.gunzipSync, async: zlib.gunzip },
    inflate: { sync: zlib.inflateSync, async: zlib.inflate },
    inflateRaw: { sync: zlib.inflateRawSync, async: zlib.inflateRaw },
    brotli: { sync: zlib.brotliDecompressSync, async: zlib.brotliDecompress },
    zstd: { sync: zlib.zstdDecompressSync, async: zlib.zstdDecompress }
  } satisfies Record<string, Decoder>
}

let decoders: ReturnType<typeof loadDecoders> | undefined

/** Checks whether data has the header of the zlib format (RFC 1950, section 2.2). */
const isZlib = (body: Buffer): boolean =>
  body.length > 1 && (body.readUInt8(0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0

const decoderOf = (coding: string, body: Buffer): Decoder | undefined => {
  decoders ??= loadDecoders()
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return decoders.gzip
    case "deflate":
      // RFC 9110 requires the zlib format, but some servers send raw deflate data.
      return isZlib(body) ? decoders.inflate : decoders.inflateRaw
    case "br":
      return decoders.brotli
    case "zstd":
      return decoders.zstd
    default:
      return undefined
  }
}

/** Checks whether a body is JSON as it is. Some servers and proxies name a coding that the body does not have. */
const isJson = (body: Buffer): boolean => {
  const start = body
    .toString("latin1", 0, 64)
    .replace(/^\u00EF\u00BB\u00BF/, "")
    .trimStart()
  if (!start.startsWith("{") && !start.startsWith("[")) return false
  try {
    JSON.parse(body.toString("utf8").replace(/^\uFEFF/, ""))
    return true
  } catch {
    return false
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined

const toContentError = (error: unknown, coding: string): ContentError => {
  switch (codeOf(error)) {
    case "Z_BUF_ERROR":
      return { _tag: "Truncated" }
    case "ERR_BUFFER_TOO_LARGE":
      return { _tag: "TooLarge" }
    default:
      return { _tag: "Undecodable", message: `The response is not valid ${coding} data` }
  }
}

const decodeAsync = (decoder: Decoder, body: Buffer, maxBytes: number): Effect.Effect<Buffer, unknown> =>
  Effect.callback<Buffer, unknown>((resume) => {
    const options = { maxOutputLength: maxBytes, chunkSize: 64 * 1024 }
    decoder.async(body, options, (error, decoded) => {
      resume(error === null ? Effect.succeed(decoded) : Effect.fail(error))
    })
  })

const decodeOne = (decoder: Decoder, body: Buffer, maxBytes: number): Effect.Effect<Buffer, unknown> =>
  Effect.suspend(() => {
    if (body.length > maxSyncBytes) return decodeAsync(decoder, body, maxBytes)
    try {
      return Effect.succeed(decoder.sync(body, { maxOutputLength: Math.min(maxBytes, maxSyncDecodedBytes) }))
    } catch (error) {
      const isLarge = codeOf(error) === "ERR_BUFFER_TOO_LARGE" && maxBytes > maxSyncDecodedBytes
      return isLarge ? decodeAsync(decoder, body, maxBytes) : Effect.fail(error)
    }
  })

/** @param codings The outermost coding first. */
const decodeAll = (
  body: Buffer,
  [coding, ...inner]: ReadonlyArray<string>,
  maxBytes: number
): Effect.Effect<Buffer, ContentError> => {
  if (coding === undefined || body.length === 0 || isJson(body)) return Effect.succeed(body)
  if (coding === "zstd" && isTruncatedZstd(body)) return Effect.fail({ _tag: "Truncated" })
  const decoder = decoderOf(coding, body)
  if (decoder === undefined) {
    const message = `The response has the content coding "${coding.slice(0, 40)}", which is not supported`
    return Effect.fail({ _tag: "Undecodable", message })
  }
  return decodeOne(decoder, body, maxBytes).pipe(
    Effect.mapError((error) => toContentError(error, coding)),
    Effect.flatMap((decoded) => decodeAll(decoded, inner, maxBytes))
  )
}

/**
 * Decodes the content codings of a body (RFC 9110, section 8.4). A body that is already JSON is returned as it is.
 *
 * @param contentEncoding The header `content-encoding`.
 * @param maxBytes The maximum size of the decoded body.
 */
export const decodeContent = (
  body: Buffer,
  contentEncoding: string,
  maxBytes: number
): Effect.Effect<Buffer, ContentError> => {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity")
  if (codings.length > maxCodings) {
    const message = `The response has more than ${maxCodings} content codings`
    return Effect.fail({ _tag: "Undecodable", message })
  }
  return decodeAll(body, codings.toReversed(), Math.min(Math.max(1, maxBytes), maxDecodedBytes))
}
