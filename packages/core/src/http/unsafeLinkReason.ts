/** Which links of a vendor may be opened. The transport also checks the addresses that host names resolve to. */
import { isLoopback, isPublicLiteral } from "./ip.ts"

/**
 * Why a link must not be opened; undefined if it may be.
 *
 * @param isLocal Whether the account is on this machine, so that loopback links are allowed.
 */
export const unsafeLinkReason = (url: URL, isLocal: boolean): string | undefined => {
  if (url.protocol !== "https:" && url.protocol !== "http:") return `${url.protocol} is not an HTTP URL`
  if (url.username !== "" || url.password !== "") return "the URL contains a user name or a password"
  if (isLoopback(url.hostname))
    return isLocal ? undefined : `${url.hostname} is this machine, but the account's host is not`
  return isPublicLiteral(url.hostname) ? undefined : `${url.hostname} is a private address`
}
