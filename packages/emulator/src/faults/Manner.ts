/** How an answer is to be sent when it is not simply sent: plain data, for the file that holds the socket. */
import type { DeliveryFault } from "./Fault.ts"

/** Where an answer stops short of its end. */
export interface Stop {
  /** `headers`: before the first byte. Else the bytes of the body that come, or undefined for half of them. */
  readonly at: "headers" | number | undefined
  readonly by: "reset" | "end" | "hang"
  /** Milliseconds for which it hangs before the connection is reset; undefined for ever. */
  readonly hangFor?: number | undefined
}

/** How an answer is sent. What is absent is as usual. */
export interface Manner {
  /** Milliseconds before the first byte. */
  readonly delay?: number
  /** How the client learns where the body ends. */
  readonly framing?: "length" | "chunked" | "close"
  /** Bytes that Content-Length announces beyond the body's. */
  readonly announced?: number
  readonly stop?: Stop
  readonly bytesPerSecond?: number
}

const placeOf = (when: "headers" | "body" | undefined, after: number | undefined): Stop["at"] =>
  (when ?? "headers") === "headers" && after === undefined ? "headers" : after

/** How a fault has an answer sent; undefined for no fault. */
export const mannerOf = (fault: DeliveryFault): Manner | undefined => {
  switch (fault.fault) {
    case "none":
      return undefined
    case "delay":
      return { delay: fault.ms }
    case "hang":
      return { stop: { at: placeOf(fault.when, fault.after), by: "hang", hangFor: fault.for } }
    case "reset":
      return { stop: { at: placeOf(fault.when, fault.after), by: "reset" } }
    case "truncated":
      return { framing: fault.framing ?? "length", stop: { at: fault.after, by: "end" } }
    case "slow":
      return { bytesPerSecond: fault.bytesPerSecond }
    case "chunked":
      return { framing: "chunked" }
    case "close-delimited":
      return { framing: "close" }
    default:
      return { announced: fault.by }
  }
}

const names: ReadonlySet<string> = new Set<DeliveryFault["fault"]>([
  "none",
  "delay",
  "hang",
  "reset",
  "truncated",
  "wrong-length",
  "slow",
  "chunked",
  "close-delimited"
])

/** Whether a fault is one of the way in which an answer is sent. */
export const isDeliveryFault = (fault: { readonly fault: string }): fault is DeliveryFault =>
  names.has(fault.fault)
