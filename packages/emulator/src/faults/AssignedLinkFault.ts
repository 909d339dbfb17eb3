/** The fault of the links in one response. */
import type { LinkFaultMarker } from "../LinkPath.ts"
import type { LinkFault } from "./LinkFault.ts"

/** The origins that the emulator listens on, without trailing slashes. */
export interface Origins {
  /** The main origin. */
  readonly own: string
  /** The second origin. */
  readonly other: string
}

/** The fault of the links in one response. */
export interface AssignedLinkFault {
  /** The fault. */
  readonly fault: LinkFault
  /** The index of the fault in the script's list. */
  readonly index: number
  /** The number of the response, counting only the task's responses with faulty links. */
  readonly issue: number
}

/** What a link encodes about its fault. */
export const markerFor = (assigned: AssignedLinkFault | undefined): LinkFaultMarker | undefined => {
  if (assigned === undefined) return undefined
  const { fault, index, issue } = assigned
  return { index, issue, hops: fault.link === "redirected" ? (fault.hops ?? 1) : 0 }
}

// More than a second, since the expiry in a link is rounded up: an expired link must look expired.
const expiredFor = 60_000

/** When a link expires, in milliseconds since 1970. */
export const expiryWithFault = (
  assigned: AssignedLinkFault | undefined,
  expiresAt: number,
  now: number
): number => (assigned?.fault.link === "expired" ? Math.min(expiresAt, now - expiredFor) : expiresAt)

const wrappings = {
  blanks: ["  ", " \n"],
  backticks: ["`", "`"],
  both: [" `", "` "]
} as const

/** The link for a path, as the response contains it. */
export const linkWithFault = (
  assigned: AssignedLinkFault | undefined,
  path: string,
  { own, other }: Origins
): string => {
  const fault = assigned?.fault
  switch (fault?.link) {
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
