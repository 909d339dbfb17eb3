import type * as dns from "node:dns"
import type { LookupFunction } from "node:net"
import { isPublic } from "./ip.ts"
import { PrivateAddressError } from "./transportError.ts"

/**
 * Creates a DNS lookup for untrusted host names. It fails if any address of the name is not public.
 *
 * @param lookup `dns.lookup` of Node, passed so that this module does not load it.
 */
export const publicLookup =
  (lookup: typeof dns.lookup): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "", 0)
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isPublic(address))) {
        return callback(new PrivateAddressError(hostname), "", 0)
      }
      if (options.all === true) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }
