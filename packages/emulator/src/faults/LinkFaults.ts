/** What is wrong with a link: how it is written, and what is done with requests for it. */
import type { LinkMark, LinkPath } from "../LinkPath.ts"
import { formatLinkPath } from "../LinkPath.ts"
import type { LinkSigner } from "../SignedLink.ts"
import { storeError } from "../StoreError.ts"
import type { Vendor } from "../TaskScript.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import type { LinkFault } from "./LinkFault.ts"

/** Where the emulator listens, without slashes at the ends. */
export interface Origins {
  readonly own: string
  readonly other: string
}

/** The fault that the links of one answer have. */
export interface LinkPlan {
  readonly fault: LinkFault
  /** The fault's place in the script's list. */
  readonly index: number
  /** How many answers of the task had handed out links before. */
  readonly handing: number
}

/** What a link must remember of its fault. */
export const markOf = (plan: LinkPlan | undefined): LinkMark | undefined => {
  if (plan === undefined) return undefined
  const { fault, index, handing } = plan
  return { index, handing, hops: fault.link === "redirected" ? (fault.hops ?? 1) : 0 }
}

// Beyond the second to which shown instants are rounded up: what is dead must look dead.
const longAgo = 60_000

/** When a link expires, in milliseconds since the epoch. */
export const faultyExpiry = (plan: LinkPlan | undefined, expiresAt: number, now: number): number =>
  plan?.fault.link === "expired" ? Math.min(expiresAt, now - longAgo) : expiresAt

const wrappings = {
  blanks: ["  ", " \n"],
  backticks: ["`", "`"],
  both: [" `", "` "]
} as const

/** A link as it is handed out. */
export const faultyLink = (plan: LinkPlan | undefined, path: string, { own, other }: Origins): string => {
  const fault = plan?.fault
  if (fault === undefined) return own + path
  switch (fault.link) {
    case "relative":
      return path
    case "elsewhere":
      return other + path
    case "replaced":
      return fault.by
    case "wrapped": {
      const [before, after] = wrappings[fault.in ?? "both"]
      return before + own + path + after
    }
    default:
      return own + path
  }
}

/** A request for a link that is valid. */
export interface AskedTarget {
  readonly vendor: Vendor
  readonly target: LinkPath
  /** As it was asked for. */
  readonly pathAndQuery: string
  /** When the link expires, in milliseconds since the epoch. */
  readonly expiresAt: number
}

type Redirected = Extract<LinkFault, { link: "redirected" }>

/** Answers in place of files, for links that are redirected or forbidden. */
export interface LinkFaults {
  /** Undefined when the file itself is due. `refused` is how many requests for the link have been refused. */
  readonly answer: (fault: LinkFault, asked: AskedTarget, refused: number) => WireAnswer | undefined
}

/** Link faults of an emulator at these origins. */
export const makeLinkFaults = (origins: Origins, signer: LinkSigner): LinkFaults => {
  const withHops = (hops: number, { vendor, target, expiresAt }: AskedTarget): string => {
    const mark = target.mark && { ...target.mark, hops }
    const path = formatLinkPath({ ...target, mark })
    return signer.sign({ vendor, path, style: "token", signedAt: expiresAt, expiresAt })
  }

  const locationOf = ({ to = "file" }: Redirected, asked: AskedTarget, hops: number): string => {
    if (to === "itself") return origins.own + asked.pathAndQuery
    if (hops > 1) return origins.own + withHops(hops - 1, asked)
    if (to === "file") return origins.own + withHops(0, asked)
    return to === "elsewhere" ? origins.other + withHops(0, asked) : to
  }

  return {
    answer: (fault, asked, refused) => {
      if (fault.link === "redirected") {
        const hops = asked.target.mark?.hops ?? 0
        if (hops === 0) return undefined
        return {
          status: fault.status ?? 302,
          headers: { location: locationOf(fault, asked, hops) },
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
