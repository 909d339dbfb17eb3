/** Where a vendor's link may lead. Names are checked again when they are resolved, by the transport. */
import { isLoopback, isPublicLiteral } from "../../http/ip.ts"

/** Why a link may not be followed; undefined where it may. */
export const refusal = (url: URL, isLocal: boolean): string | undefined => {
  if (url.protocol !== "https:" && url.protocol !== "http:") return `${url.protocol} is not a web address`
  if (url.username !== "" || url.password !== "") return "it holds a user name or a password"
  if (isLoopback(url.hostname))
    return isLocal ? undefined : `${url.hostname} is this machine, and the account is not`
  return isPublicLiteral(url.hostname) ? undefined : `${url.hostname} is a private address`
}

/** A link without what signs it: fit for a manifest or a message. */
export const withoutSignature = (url: string): string => {
  if (!URL.canParse(url)) return ""
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
