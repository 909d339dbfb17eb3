import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Stream from "effect/Stream"
import { BodyTooLarge, InvalidRequest, UnsupportedMediaType } from "./problems.ts"

/** The default limit of a request's body, in bytes. Requests may contain images as `data:` URLs. */
export const defaultMaxBodyBytes = 32 * 1024 * 1024

/** Nesting in JSON. Code that reads it may be recursive. */
const maxDepth = 64

const tooLarge = (maxBytes: number) => new BodyTooLarge({ detail: `Send at most ${maxBytes} bytes.` })

/** Reads the body of a request. */
export const readBody = (
  request: HttpServerRequest,
  maxBytes: number
): Effect.Effect<Buffer, BodyTooLarge | InvalidRequest> => {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Effect.fail(tooLarge(maxBytes))
  return Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return request.stream.pipe(
      Stream.runForEach((chunk) => {
        size += chunk.byteLength
        if (size > maxBytes) return Effect.fail(tooLarge(maxBytes))
        chunks.push(chunk)
        return Effect.void
      }),
      Effect.mapError((error) =>
        error._tag === "BodyTooLarge"
          ? error
          : new InvalidRequest({ detail: "The body of the request could not be read." })
      ),
      Effect.map(() => Buffer.concat(chunks, size))
    )
  })
}

/** Checks the nesting of JSON text without recursion. */
const isTooDeep = (text: string): boolean => {
  let depth = 0
  let isString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (isString) {
      if (code === 0x5c) index++
      else if (code === 0x22) isString = false
    } else if (code === 0x22) isString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return true
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return false
}

const formatIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const toSegment = (segment: PropertyKey | { readonly key: PropertyKey }): string | number => {
  const key = typeof segment === "object" ? segment.key : segment
  return typeof key === "number" ? key : String(key)
}

/** Converts the issues of a schema to a problem. */
export const invalidRequest = (error: Schema.SchemaError, part: string): InvalidRequest =>
  new InvalidRequest({
    detail: `The ${part} of the request ${part === "headers" ? "are" : "is"} invalid.`,
    errors: formatIssues(error.issue)
      .issues.slice(0, 20)
      .map((issue) => ({
        path: [part, ...(issue.path ?? []).map(toSegment)],
        message: issue.message.slice(0, 500)
      }))
  })

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const parse = (bytes: Uint8Array): Effect.Effect<unknown, InvalidRequest> => {
  const text = decodeUtf8(bytes)
  if (text === undefined) return Effect.fail(new InvalidRequest({ detail: "The body is not valid UTF-8." }))
  if (isTooDeep(text))
    return Effect.fail(new InvalidRequest({ detail: `JSON may be nested ${maxDepth} levels deep.` }))
  return Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: () => new InvalidRequest({ detail: "The body is not valid JSON." })
  })
}

/** Reads, parses and decodes the JSON body of a request. Unknown members are an error. */
export const readJson = <A, I>(
  request: HttpServerRequest,
  schema: Schema.Codec<A, I>,
  maxBytes: number
): Effect.Effect<A, BodyTooLarge | InvalidRequest | UnsupportedMediaType> =>
  Effect.gen(function* () {
    const mediaType = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase()
    if (mediaType !== "application/json")
      return yield* new UnsupportedMediaType({ detail: "Send JSON, with Content-Type: application/json." })
    if ((request.headers["content-encoding"] ?? "identity") !== "identity")
      return yield* new UnsupportedMediaType({ detail: "Send JSON without Content-Encoding." })
    const json = yield* Effect.flatMap(readBody(request, maxBytes), parse)
    return yield* Schema.decodeUnknownEffect(schema)(json, {
      onExcessProperty: "error",
      errors: "all"
    }).pipe(Effect.mapError((error) => invalidRequest(error, "body")))
  })
