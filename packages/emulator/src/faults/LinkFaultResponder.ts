/** Responds to requests for links that are redirected or forbidden. */
import type { LinkPath } from "../LinkPath.ts"
import { formatLinkPath } from "../LinkPath.ts"
import type { LinkSigner } from "../LinkSigner.ts"
import { storeError } from "../storeError.ts"
import type { Vendor } from "../vendors/vendorNames.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { Origins } from "./AssignedLinkFault.ts"
import type { LinkFault } from "./LinkFault.ts"

/** A request for a valid link. */
export interface LinkRequest {
  /** The vendor of the task. */
  readonly vendor: Vendor
  /** The parsed path of the link. */
  readonly target: LinkPath
  /** The path and query as requested. */
  readonly pathAndQuery: string
  /** When the link expires, in milliseconds since 1970. */
  readonly expiresAt: number
}

/** Responds to requests for links that are redirected or forbidden. */
export interface LinkFaultResponder {
  /** The response, or undefined if the file should be served. `refused` counts the earlier requests for the link. */
  readonly respond: (fault: LinkFault, request: LinkRequest, refused: number) => WireResponse | undefined
}

type Redirect = Extract<LinkFault, { link: "redirected" }>

/** Creates the responder of an emulator with these origins. */
export const makeLinkFaultResponder = (origins: Origins, signer: LinkSigner): LinkFaultResponder => {
  const pathWithHops = (hops: number, { vendor, target, expiresAt }: LinkRequest): string => {
    const marker = target.marker && { ...target.marker, hops }
    const path = formatLinkPath({ ...target, marker })
    return signer.sign({ vendor, path, style: "token", signedAt: expiresAt, expiresAt })
  }

  const locationOf = ({ to = "file" }: Redirect, request: LinkRequest, hops: number): string => {
    if (to === "itself") return origins.own + request.pathAndQuery
    if (hops > 1) return origins.own + pathWithHops(hops - 1, request)
    if (to === "file") return origins.own + pathWithHops(0, request)
    return to === "elsewhere" ? origins.other + pathWithHops(0, request) : to
  }

  return {
    respond: (fault, request, refused) => {
      if (fault.link === "redirected") {
        const hops = request.target.marker?.hops ?? 0
        if (hops === 0) return undefined
        return {
          status: fault.status ?? 302,
          headers: { location: locationOf(fault, request, hops) },
          body: ""
        }
      }
      if (fault.link !== "forbidden") return undefined
      const { requests = "forever" } = fault
      return requests === "forever" || refused < requests
        ? storeError(403, "AccessDenied", "Access to this object is denied.")
        : undefined
    }
  }
}
