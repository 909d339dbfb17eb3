/** Which addresses a link from a stranger may lead to. */
import ipaddr from "ipaddr.js"

const parse = (host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined => {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined
}

/** Tells whether a host name or an address is this machine, without asking any name server. */
export const isLoopback = (host: string): boolean => {
  const name = host.toLowerCase().replace(/\.$/, "")
  if (name === "localhost" || name.endsWith(".localhost")) return true
  return parse(name)?.range() === "loopback"
}

/**
 * Tells whether an address is one of the public internet: not private, not link-local (cloud metadata among it),
 * not loopback, not multicast, not reserved. Mapped IPv6 forms are judged as the IPv4 address that they hold.
 */
export const isPublic = (address: string): boolean => parse(address)?.range() === "unicast"

/** Tells whether a host is a name, which is judged when it is resolved, or an address of the public internet. */
export const isPublicLiteral = (host: string): boolean => {
  const address = parse(host)
  return address === undefined || address.range() === "unicast"
}
