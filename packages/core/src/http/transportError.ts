/** Maps the errors of a connection to error reasons. Messages contain no more than the host, and that of a proxy. */
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { ProxyUnreachable } from "./ProxyUnreachable.ts"

/** A host name resolves to an address that is not public. */
export class PrivateAddressError extends Error {
  readonly code = "PRIVATE_ADDRESS"
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""

/** The HTTP status with which a proxy rejected a connection. undici reports it in the message only. */
const proxyStatusOf = (error: unknown): string | undefined =>
  error instanceof Error
    ? /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((407)\)/
        .exec(error.message)
        ?.slice(1)
        .find(Boolean)
    : undefined

const describe = (code: string, peer: string): string => {
  switch (code) {
    case "PRIVATE_ADDRESS":
      return `${peer} resolves to a private address, which links from a vendor must not reach`
    case "ENOTFOUND":
      return `The host ${peer} was not found`
    case "ECONNREFUSED":
      return `${peer} refused the connection`
    default:
      return `The connection to ${peer} failed${code === "" ? "" : ` (${code})`}`
  }
}

/** The reason of a request whose connection to a proxy failed. */
const proxyReason = ({ code, host }: ProxyUnreachable): ErrorReason => {
  const messages: Readonly<Record<string, string>> = {
    ENOTFOUND: `The proxy ${host} was not found`,
    ECONNREFUSED: `The proxy ${host} refused the connection`
  }
  const message =
    messages[code] ?? `The connection to the proxy ${host} failed${code === "" ? "" : ` (${code})`}`
  return { _tag: "Unreachable", message, ...(code === "" ? {} : { code }) }
}

/** The codes of errors that only a connection to the host itself has. */
const directCodes = new Set(["PRIVATE_ADDRESS", "ENOTFOUND", "ECONNREFUSED"])

/** The reason of a request that was not complete in time. */
export const timeoutReason = (host: string): ErrorReason => ({
  _tag: "RequestTimedOut",
  message: `${host} did not respond completely in time`
})

/** The code of {@link unreadablePayloadReason}. */
export const unreadablePayloadCode = "PAYLOAD_UNREADABLE"

/** The reason of a request whose payload could not be read, for example because the file was changed or deleted. */
export const unreadablePayloadReason = (host: string): ErrorReason => ({
  _tag: "Unreachable",
  message: `A file could not be read completely while it was sent to ${host}`,
  code: unreadablePayloadCode
})

/** The reason of a request whose response ended early. */
export const truncatedReason = (host: string): ErrorReason => ({
  _tag: "Unreachable",
  message: `${host} closed the connection before its response was complete`
})

/** The reason of a request whose response is larger than the limit. */
export const tooLargeReason = (maxBytes: number, httpStatus: number): ErrorReason => ({
  _tag: "ResponseTooLarge",
  message: `The response is larger than ${maxBytes} bytes`,
  httpStatus
})

/**
 * Returns the reason of an error that undici or Node reports.
 *
 * @param host The host of the request.
 * @param isProxied Whether the error may be that of a connection to a proxy. The proxy's URL is a secret.
 */
export const transportReason = (error: unknown, host: string, isProxied = false): ErrorReason => {
  // undici wraps errors of a proxy's certificate.
  const unreachable = [error, error instanceof Error ? error.cause : undefined].find(
    (each) => each instanceof ProxyUnreachable
  )
  if (unreachable !== undefined) return proxyReason(unreachable)
  const code = codeOf(error)
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return timeoutReason(host)
  const proxyStatus = isProxied ? proxyStatusOf(error) : undefined
  if (proxyStatus !== undefined) {
    return {
      _tag: "Unreachable",
      message: `The proxy rejected the connection to ${host} (HTTP ${proxyStatus})`
    }
  }
  const peer = isProxied && !directCodes.has(code) ? `${host} or its proxy` : host
  const message = describe(code, peer)
  return { _tag: "Unreachable", message, ...(code === "" ? {} : { code }) }
}
