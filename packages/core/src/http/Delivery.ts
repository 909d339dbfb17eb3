/** Whether bytes of a failed request may have reached the server. Nothing was sent, or it is not known. */
export type Delivery = "not-sent" | "maybe-sent"

/** Errors that occur only before a connection exists. */
const beforeConnect: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "PRIVATE_ADDRESS"
])

/** Errors of connecting, which an established connection can have, too. */
const whileConnecting: ReadonlySet<string> = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"])

/** Errors of a certificate, which end the TLS handshake. */
const certificate = /^(?:CERT_|UNABLE_TO_|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|ERR_TLS_CERT_)/

/**
 * Returns the delivery that the error of a connection proves by itself.
 *
 * @param error An error of undici or Node.
 */
export const deliveryOf = (error: unknown): Delivery => {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return "maybe-sent"
  const { code } = error
  if (beforeConnect.has(code) || certificate.test(code)) return "not-sent"
  // Node reports the failed attempts for several addresses together.
  const isConnecting = error instanceof AggregateError || ("syscall" in error && error.syscall === "connect")
  return isConnecting && whileConnecting.has(code) ? "not-sent" : "maybe-sent"
}
