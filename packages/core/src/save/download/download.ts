/** Downloads one link into a part file until it is whole: resumed by range, checked by length, bounded in size. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { HttpRequest } from "../../provider/HttpRequest.ts"
import { isLoopback } from "../../http/ip.ts"
import * as RetryAfter from "../../http/retryAfter.ts"
import type { DownloadResponse, Transport } from "../../http/Transport.ts"
import { matchesDigest } from "./integrity.ts"
import { append, restart, sizeOf } from "./PartFile.ts"
import type { PartFile, Validator } from "./PartFile.ts"
import { refusal } from "./urlPolicy.ts"

/** Why a link gave no whole file. */
export interface DownloadFault {
  readonly _tag: "DownloadFault"
  readonly kind: "Expired" | "Unsafe" | "Refused" | "Passing" | "TooLarge" | "Disk" | "NotMedia" | "Empty"
  readonly message: string
  /** In milliseconds. */
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
}

/** What a download needs besides the link. */
export interface DownloadContext {
  readonly transport: Transport["Service"]
  /** Whether the account is on this machine, so that links may be too. */
  readonly isLocal: boolean
  /** The headers that prove who asks, for the account's own origin; undefined for any other. */
  readonly credentials: (request: HttpRequest) => Readonly<Record<string, string>> | undefined
  /** In bytes. */
  readonly maxBytes: number
  /** The least number of bytes a second, over `patience`. */
  readonly minSpeed: number
}

const mostRedirects = 5

/** How long a server may be silent, and over which time its speed is judged, in milliseconds. */
const patience = 30_000

const fail = (
  kind: DownloadFault["kind"],
  message: string,
  rest: { readonly retryAfter?: number | undefined; readonly cause?: unknown } = {}
): DownloadFault => ({ _tag: "DownloadFault", kind, message, ...rest })

const passing = new Set([408, 409, 425, 429])
const dead = new Set([401, 403, 404, 410])

/** Follows redirects by hand, so that each is judged; credentials go with the first request alone. */
const openLink = (
  link: URL,
  headers: Readonly<Record<string, string>>,
  context: DownloadContext,
  credentials: Readonly<Record<string, string>> = {},
  redirects = mostRedirects
): Effect.Effect<{ readonly answer: DownloadResponse; readonly url: URL }, DownloadFault, Scope.Scope> =>
  Effect.gen(function* () {
    const unsafe = refusal(link, context.isLocal)
    if (unsafe !== undefined) return yield* Effect.fail(fail("Unsafe", unsafe))
    const request = {
      url: link,
      headers: { ...headers, ...credentials },
      timeoutMs: patience,
      allowPrivate: context.isLocal && isLoopback(link.hostname)
    }
    const answer = yield* Effect.mapError(context.transport.open(request), (fault) =>
      fail(fault.code === "PRIVATE_ADDRESS" ? "Unsafe" : "Passing", fault.message ?? fault._tag)
    )
    const { location } = answer.headers
    if (answer.status < 300 || answer.status >= 400 || answer.status === 304 || location === undefined) {
      return { answer, url: link }
    }
    if (redirects === 0 || !URL.canParse(location, link.href)) {
      return yield* Effect.fail(fail("Refused", "the link redirects without end, or to no address"))
    }
    return yield* openLink(new URL(location, link), headers, context, {}, redirects - 1)
  })

/** Opens a link without credentials, and on the account's own origin with them, if it is refused without. */
const openWithin = (link: URL, headers: Readonly<Record<string, string>>, context: DownloadContext) =>
  Effect.gen(function* () {
    const opened = yield* openLink(link, headers, context)
    const isRefused = opened.url === link && (opened.answer.status === 401 || opened.answer.status === 403)
    const credentials = isRefused
      ? context.credentials({ method: "GET", url: link, headers, body: undefined })
      : undefined
    return credentials === undefined
      ? opened.answer
      : (yield* openLink(link, headers, context, credentials)).answer
  })

const length = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

/** What proves later that the rest belongs to these bytes: weak tags do not. */
const validatorOf = (
  headers: DownloadResponse["headers"],
  total: number | undefined
): Validator | undefined => {
  const { etag } = headers
  const validator = etag !== undefined && !etag.startsWith("W/") ? etag : headers["last-modified"]
  return validator === undefined ? undefined : { validator, total }
}

/** Where a partial answer begins, and how long the whole is. */
const rangeOf = (
  headers: DownloadResponse["headers"]
): { start: number; total: number | undefined } | undefined => {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"]?.trim() ?? "")
  return match === null ? undefined : { start: Number(match[1]), total: length(match[2]) }
}

const disk = (cause: unknown): DownloadFault => fail("Disk", "the disk refused the bytes", { cause })

/** Reads an answer's body into the part file. */
const receive = (
  answer: DownloadResponse,
  part: PartFile,
  context: DownloadContext,
  total: number | undefined
) =>
  Effect.gen(function* () {
    if (total !== undefined && total > context.maxBytes) {
      return yield* Effect.fail(
        fail("TooLarge", `it is ${total} bytes, and the limit is ${context.maxBytes}`)
      )
    }
    yield* Effect.tryPromise({
      try: async (signal) => {
        const chunks = answer.body[Symbol.asyncIterator]()
        let judged = { at: performance.now(), size: part.size }
        for (;;) {
          const next = await chunks.next().catch((cause: unknown) => {
            throw fail("Passing", "the connection broke off", { cause })
          })
          if (next.done === true || signal.aborted) return
          const came = ArrayBuffer.isView(next.value) ? [next.value] : next.value
          if (part.size + sizeOf(came) > context.maxBytes) {
            throw fail("TooLarge", `it is larger than the limit of ${context.maxBytes} bytes`)
          }
          await append(part, came).catch((cause: unknown) => {
            throw disk(cause)
          })
          const elapsed = performance.now() - judged.at
          if (elapsed < patience) continue
          if (((part.size - judged.size) * 1000) / elapsed < context.minSpeed) {
            throw fail("Passing", `fewer than ${context.minSpeed} bytes came in a second`)
          }
          judged = { at: performance.now(), size: part.size }
        }
      },
      catch: (error) => error as DownloadFault
    })
    if (total === undefined || part.size === total) return undefined
    const cut = fail("Passing", `${part.size} of ${total} bytes came`)
    // More than promised cannot be mended by the rest.
    if (part.size > total) yield* beginAnew(part)
    return yield* Effect.fail(cut)
  })

/** A whole file. */
export interface Received {
  /** What the server says it is; undefined where it said nothing. */
  readonly contentType: string | undefined
  /** Whether the server said how long the file is, and it is. */
  readonly isLengthKnown: boolean
}

/** Runs a call of the file system; what it throws is a fault of the disk. */
export const onDisk = <A>(use: () => Promise<A>): Effect.Effect<A, DownloadFault> =>
  Effect.tryPromise({ try: use, catch: disk })

/** Begins the part file anew; not to be left half done. */
export const beginAnew = (part: PartFile, next?: Validator): Effect.Effect<void, DownloadFault> =>
  Effect.uninterruptible(onDisk(() => restart(part, next)))

/** Starts over, and says why. */
const startOver = (part: PartFile, why: string): Effect.Effect<never, DownloadFault> =>
  Effect.andThen(beginAnew(part), Effect.fail(fail("Passing", why)))

/** Reads an answer that brings the file, or the rest of it, and checks what the server says of the whole. */
const complete = (
  answer: DownloadResponse,
  part: PartFile,
  context: DownloadContext,
  total: number | undefined
): Effect.Effect<Received, DownloadFault> =>
  Effect.gen(function* () {
    yield* receive(answer, part, context, total)
    const isGood = yield* onDisk(() => matchesDigest(part.path, answer.headers, answer.status === 206))
    if (!isGood) return yield* startOver(part, "the file does not have the digest that the server names")
    return { contentType: answer.headers["content-type"], isLengthKnown: total !== undefined }
  })

/** One request for what is still missing. Succeeds when the file is whole. */
export const attempt = (
  link: URL,
  part: PartFile,
  context: DownloadContext
): Effect.Effect<Received, DownloadFault> =>
  Effect.scoped(
    Effect.gen(function* () {
      if (part.known === undefined && part.size > 0) yield* beginAnew(part)
      // Whole already: an earlier run ended between the last byte and the final name.
      if (part.size > 0 && part.size === part.known?.total)
        return { contentType: undefined, isLengthKnown: true }
      const resuming = part.size > 0 ? part.known : undefined
      const range =
        resuming === undefined ? {} : { range: `bytes=${part.size}-`, "if-range": resuming.validator }
      const answer = yield* openWithin(
        link,
        { accept: "*/*", "accept-encoding": "identity", ...range },
        context
      )
      const { status, headers } = answer
      if (status === 206 && resuming !== undefined) {
        const given = rangeOf(headers)
        // A server may ignore `If-Range`, and give the rest of another file.
        const now = validatorOf(headers, undefined)?.validator ?? resuming.validator
        const isRest =
          now === resuming.validator &&
          given?.start === part.size &&
          (given.total ?? resuming.total) === (resuming.total ?? given.total)
        if (!isRest) return yield* startOver(part, "the server gave another range than the one asked for")
        return yield* complete(answer, part, context, given.total ?? resuming.total)
      }
      if (status === 200) {
        const total = length(headers["content-length"])
        yield* beginAnew(part, validatorOf(headers, total))
        return yield* complete(answer, part, context, total)
      }
      if (status === 416 && resuming !== undefined)
        return yield* startOver(part, "the file changed on the server")
      const message = `the file server answered HTTP ${status}`
      if (dead.has(status)) return yield* Effect.fail(fail("Expired", message))
      if (status >= 500 || passing.has(status)) {
        const now = yield* Clock.currentTimeMillis
        return yield* Effect.fail(
          fail("Passing", message, { retryAfter: RetryAfter.fromHeaders(headers, now) })
        )
      }
      return yield* Effect.fail(fail("Refused", message))
    })
  )
