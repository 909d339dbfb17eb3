/** Which addresses links from a vendor may reach. */
import ipaddr from "ipaddr.js"

const parse = (host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined => {
  const address = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host
  return ipaddr.isValid(address) ? ipaddr.process(address) : undefined
}

/** Checks whether a host name or an IP address is the local machine. Names are not resolved. */
export const isLoopback = (host: string): boolean => {
  const name = host.toLowerCase().replace(/\.$/, "")
  if (name === "localhost" || name.endsWith(".localhost")) return true
  return parse(name)?.range() === "loopback"
}

/**
 * Checks whether an IP address is on the public internet: not private, link-local (such as cloud metadata), loopback,
 * multicast or reserved. IPv4 addresses mapped to IPv6 are checked as IPv4.
 */
export const isPublic = (address: string): boolean => parse(address)?.range() === "unicast"

/** Checks whether a host is a public IP address, or a name, whose addresses are checked when it is resolved. */
export const isPublicLiteral = (host: string): boolean => {
  const address = parse(host)
  return address === undefined || address.range() === "unicast"
}
