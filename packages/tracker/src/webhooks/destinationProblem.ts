import { isLoopback, isPrivateNetwork, isPublicLiteral } from "@gentask/core/internal/addresses"

/** Which destinations are allowed. */
export interface DestinationRules {
  /** Allows `http`, this machine and private networks. For tests, and for networks that are closed anyway. */
  readonly allowPrivate: boolean
}

const maxUrlLength = 2048

/**
 * Why a URL cannot be a destination, as the end of a sentence; undefined if it can. Host names are not resolved: the
 * transport checks their addresses at each attempt.
 */
export const destinationProblem = (text: string, { allowPrivate }: DestinationRules): string | undefined => {
  if (text.length > maxUrlLength) return `it is longer than ${maxUrlLength} characters`
  const url = URL.parse(text)
  if (url === null) return "it is not an absolute URL"
  if (url.username !== "" || url.password !== "") return "it contains a user name or a password"
  if (url.protocol !== "https:" && url.protocol !== "http:") return "it is not an http or https URL"
  if (allowPrivate) return undefined
  if (url.protocol === "http:") return "it is not an https URL"
  const { hostname } = url
  if (isLoopback(hostname)) return "its host is this machine"
  // The range of a literal address is checked first, since only some ranges are private networks.
  return isPublicLiteral(hostname) && !isPrivateNetwork(hostname)
    ? undefined
    : "its host is not on the public internet"
}
