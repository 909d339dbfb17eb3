/** Opens an output's link: checks each redirect, and keeps credentials on the account's own origin. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { isLoopback } from "../../http/ip.ts"
import type { DownloadResponse, Transport } from "../../http/Transport.ts"
import { unsafeLinkReason } from "../../http/unsafeLinkReason.ts"
import type { HttpRequest } from "../../provider/HttpRequest.ts"
import { DownloadError } from "./DownloadError.ts"

/** What is needed to open a link of an account. */
export interface LinkContext {
  readonly transport: Transport["Service"]
  /** Whether the account is on this machine, so that its links may lead to loopback addresses. */
  readonly isLocal: boolean
  /** The origin of the account's base URL. The user has chosen it, so that it may be in a private network. */
  readonly ownOrigin?: string | undefined
  /** The authentication headers for a request to the account's own origin; undefined for any other origin. */
  readonly credentials: (request: HttpRequest) => Readonly<Record<string, string>> | undefined
}

type Headers = Readonly<Record<string, string>>

/** A response, and the URL that returned it after redirects. */
export interface OpenedLink {
  readonly response: DownloadResponse
  readonly url: URL
}

const maxRedirects = 5

/** How long a file server may send nothing, in milliseconds. */
const idleTimeoutMs = 30_000

/** Follows redirects. Only the first request has the credentials. */
const followRedirects = (
  url: URL,
  headers: Headers,
  context: LinkContext,
  credentials: Headers = {},
  redirects = maxRedirects
): Effect.Effect<OpenedLink, DownloadError, Scope.Scope> =>
  Effect.gen(function* () {
    const isOwn = url.origin === context.ownOrigin
    const unsafe = isOwn ? undefined : unsafeLinkReason(url, context.isLocal)
    if (unsafe !== undefined)
      return yield* new DownloadError({ reason: { _tag: "UnsafeLink" }, message: unsafe })
    const request = {
      url,
      headers: { ...headers, ...credentials },
      timeoutMs: idleTimeoutMs,
      allowPrivate: isOwn || (context.isLocal && isLoopback(url.hostname))
    }
    const response = yield* Effect.mapError(
      context.transport.open(request),
      (reason) =>
        new DownloadError({
          reason: { _tag: reason.code === "PRIVATE_ADDRESS" ? "UnsafeLink" : "Transient" },
          message: reason.message ?? reason._tag
        })
    )
    const { status } = response
    const { location } = response.headers
    if (status < 300 || status >= 400 || status === 304 || location === undefined) return { response, url }
    if (redirects === 0)
      return yield* new DownloadError({
        reason: { _tag: "Rejected", httpStatus: status },
        message: `the link redirects more than ${maxRedirects} times`
      })
    if (!URL.canParse(location, url.href))
      return yield* new DownloadError({
        reason: { _tag: "Rejected", httpStatus: status },
        message: "the link redirects to an invalid URL"
      })
    return yield* followRedirects(new URL(location, url), headers, context, {}, redirects - 1)
  })

/**
 * Opens a link without credentials. If the account's own origin rejects that with HTTP 401 or 403, opens it again with
 * the account's credentials.
 *
 * @param isPrivate Whether the vendor documents that the link needs credentials. They are sent at once then, and only to the
 *   account's own origin.
 */
export const openLink = Effect.fnUntraced(function* (
  url: URL,
  headers: Headers,
  context: LinkContext,
  isPrivate = false
) {
  if (isPrivate) {
    const known = context.credentials({ method: "GET", url, headers, body: undefined })
    if (known !== undefined) return yield* followRedirects(url, headers, context, known)
  }
  const first = yield* followRedirects(url, headers, context)
  const { status } = first.response
  if (first.url !== url || (status !== 401 && status !== 403)) return first
  const credentials = context.credentials({ method: "GET", url, headers, body: undefined })
  return credentials === undefined ? first : yield* followRedirects(url, headers, context, credentials)
})
