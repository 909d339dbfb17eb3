/** How a response is sent, as plain data. */
import type { DeliveryFault } from "./DeliveryFault.ts"

/** Where and how a response stops before its end. */
export interface StopPoint {
  /** Before the headers, or after this many bytes of the body. Undefined means half of the body. */
  readonly at: "headers" | number | undefined
  /** What happens to the connection. */
  readonly by: "reset" | "end" | "hang"
  /** Milliseconds until a hanging connection is reset. Undefined means never. */
  readonly hangFor?: number | undefined
}

/** How a response is sent. Absent properties mean the normal way. */
export interface DeliveryMode {
  /** Milliseconds before the first byte. */
  readonly delay?: number
  /** How the client learns where the body ends. */
  readonly framing?: "length" | "chunked" | "close"
  /** Bytes by which Content-Length exceeds the body. */
  readonly extraLength?: number
  /** Where the response stops. */
  readonly stop?: StopPoint
  /** The rate limit of the body. */
  readonly bytesPerSecond?: number
}

const stopAt = (when: "headers" | "body" | undefined, after: number | undefined): StopPoint["at"] =>
  (when ?? "headers") === "headers" && after === undefined ? "headers" : after

/** How the response with a fault is sent. Undefined means the normal way. */
export const deliveryModeOf = (fault: DeliveryFault): DeliveryMode | undefined => {
  switch (fault.fault) {
    case "none":
      return undefined
    case "delay":
      return { delay: fault.ms }
    case "hang":
      return { stop: { at: stopAt(fault.when, fault.after), by: "hang", hangFor: fault.for } }
    case "reset":
      return { stop: { at: stopAt(fault.when, fault.after), by: "reset" } }
    case "truncated":
      return { framing: fault.framing ?? "length", stop: { at: fault.after, by: "end" } }
    case "slow":
      return { bytesPerSecond: fault.bytesPerSecond }
    case "chunked":
      return { framing: "chunked" }
    case "close-delimited":
      return { framing: "close" }
    default:
      return { extraLength: fault.by }
  }
}
