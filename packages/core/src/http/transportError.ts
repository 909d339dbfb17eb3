/** Maps the errors of a connection to error reasons. Messages contain no more than the host. */
import type { ErrorReason } from "../provider/ErrorReason.ts"

/** A host name resolves to an address that is not public. */
export class PrivateAddressError extends Error {
  readonly code = "PRIVATE_ADDRESS"
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""

const describe = (code: string, host: string): string => {
  switch (code) {
    case "PRIVATE_ADDRESS":
      return `${host} resolves to a private address, which links from a vendor must not reach`
    case "ENOTFOUND":
      return `The host ${host} was not found`
    case "ECONNREFUSED":
      return `${host} refused the connection`
    default:
      return `The connection to ${host} failed${code === "" ? "" : ` (${code})`}`
  }
}

/** The reason of a request that was not complete in time. */
export const timeoutReason = (host: string): ErrorReason => ({
  _tag: "RequestTimedOut",
  message: `${host} did not respond completely in time`
})

/** Returns the reason of an error that undici or Node reports. */
export const transportReason = (error: unknown, host: string): ErrorReason => {
  const code = codeOf(error)
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return timeoutReason(host)
  return { _tag: "Unreachable", message: describe(code, host), ...(code === "" ? {} : { code }) }
}
