import type { TransportResponse } from "./Transport.ts"

/**
 * Checks whether a body is shorter than `content-length` says, so that a part of it is missing. undici checks that
 * itself, but other dispatchers and `fetch` may not. If the body has a content coding, it may have been decoded already.
 */
export const isShorterThanDeclared = (
  status: number,
  headers: TransportResponse["headers"],
  size: number
): boolean => {
  if (status === 204 || status === 304 || headers["content-encoding"] !== undefined) return false
  const length = headers["content-length"]
  return length !== undefined && size < Number(length)
}
