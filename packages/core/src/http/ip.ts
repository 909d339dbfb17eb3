/** Which addresses links from a vendor may reach. */
import ipaddr from "ipaddr.js"

const parse = (host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined => {
  const address = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host
  return ipaddr.isValid(address) ? ipaddr.process(address) : undefined
}

/**
 * Prefixes of addresses whose last 32 bits are an IPv4 address that they may lead to: NAT64 (RFC 6052, 2.1), and the
 * deprecated IPv4-compatible addresses, such as `::1.2.3.4` (RFC 4291, 2.5.5.1).
 */
const embeddingPrefixes = ["64:ff9b::", "::"].map((prefix) => ipaddr.IPv6.parse(prefix))

const isPublicAddress = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean => {
  if (address instanceof ipaddr.IPv6 && embeddingPrefixes.some((prefix) => address.match(prefix, 96)))
    return isPublicAddress(new ipaddr.IPv4(address.toByteArray().slice(-4)))
  // The ranges of 6to4, Teredo and other addresses that contain an IPv4 address are not called unicast.
  return address.range() === "unicast"
}

/** Checks whether a host name or an IP address is the local machine. Names are not resolved. */
export const isLoopback = (host: string): boolean => {
  const name = host.toLowerCase().replace(/\.$/, "")
  if (name === "localhost" || name.endsWith(".localhost")) return true
  return parse(name)?.range() === "loopback"
}

/** Names that are never on the public internet (RFC 6761, RFC 6762, RFC 8375), and names without a dot. */
const privateName = /^[^.]+$|\.(?:local|lan|internal|home\.arpa)$/

/** Checks whether a host is in a private network, such as `192.168.1.5` or `nas.local`. Names are not resolved. */
export const isPrivateNetwork = (host: string): boolean => {
  const name = host.toLowerCase().replace(/\.$/, "")
  const range = parse(name)?.range()
  return range === undefined ? privateName.test(name) : range === "private" || range === "uniqueLocal"
}

/**
 * Checks whether an IP address is on the public internet: not private, link-local (such as cloud metadata), loopback,
 * multicast or reserved. IPv6 addresses that contain an IPv4 address are public only if that is.
 */
export const isPublic = (address: string): boolean => {
  const parsed = parse(address)
  return parsed !== undefined && isPublicAddress(parsed)
}

/** Checks whether a host is a public IP address, or a name, whose addresses are checked when it is resolved. */
export const isPublicLiteral = (host: string): boolean => {
  const parsed = parse(host)
  return parsed === undefined || isPublicAddress(parsed)
}
