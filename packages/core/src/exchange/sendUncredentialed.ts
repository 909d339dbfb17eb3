import * as Effect from "effect/Effect"
import { isLoopback } from "../http/ip.ts"
import type { RequestLimits, SendError, Transport } from "../http/Transport.ts"
import { unsafeLinkReason } from "../http/unsafeLinkReason.ts"
import type { UncredentialedRequest } from "../provider/RequestSpec.ts"
import { encodeBody, withContentType } from "./encodeBody.ts"
import { FileError } from "./FileSource.ts"
import type { FileSource } from "./FileSource.ts"
import { lowerCaseNames } from "./lowerCaseNames.ts"
import { operationError } from "./operationError.ts"

/** Why a URL of the vendor's storage must not be used. Undefined if it may be. */
const unsafeReason = (url: URL, isLocal: boolean): string | undefined => {
  const isPlain = url.protocol === "http:" && !(isLocal && isLoopback(url.hostname))
  return isPlain ? "it is not an https URL" : unsafeLinkReason(url, isLocal)
}

const unsafe = (why: string): SendError => ({
  _tag: "UnexpectedResponse",
  path: "",
  message: `The vendor returned an upload URL that must not be used: ${why}`,
  delivery: "not-sent"
})

/**
 * Sends a file to a URL that the vendor returned: without credentials, only to public https hosts, and without following
 * redirects. Succeeds for a 2xx response. No error contains the URL, which may be signed, or the response.
 *
 * @param account `isLocal` allows URLs on this machine, for an account that is on it, too.
 */
export const sendUncredentialed = (
  transport: Transport["Service"],
  limits: RequestLimits,
  account: { readonly isLocal: boolean },
  { method, url: text, headers, ...body }: UncredentialedRequest,
  files: FileSource
): Effect.Effect<void, FileError | SendError> =>
  Effect.suspend((): Effect.Effect<void, FileError | SendError> => {
    const url = URL.parse(text)
    if (url === null) return Effect.fail(unsafe("it is not an absolute URL"))
    const why = unsafeReason(url, account.isLocal)
    if (why !== undefined) return Effect.fail(unsafe(why))
    let encoded
    try {
      encoded = encodeBody(body, files)
    } catch (error) {
      return error instanceof FileError ? Effect.fail(error) : Effect.fail(unsafe(String(error)))
    }
    const request = {
      method,
      url,
      headers: withContentType(lowerCaseNames(headers), encoded),
      body: encoded.text
    }
    const allowPrivate = account.isLocal && isLoopback(url.hostname)
    const sent = transport.send(request, limits, { payload: encoded.payload, allowPrivate })
    return Effect.flatMap(sent, ({ status }): Effect.Effect<void, SendError> => {
      if (status >= 200 && status < 300) return Effect.void
      const message = `${url.host} responded with HTTP ${status} to the upload`
      return Effect.fail(operationError(status, { message }))
    })
  })
