/** Applies delivery faults to responses. */
import type { WireResponse } from "../WireResponse.ts"
import { compress } from "./compress.ts"
import type { DeliveryFault } from "./DeliveryFault.ts"
import type { DeliveryMode, StopPoint } from "./DeliveryMode.ts"

const stopAt = (when: "headers" | "body" | undefined, after: number | undefined): StopPoint["at"] =>
  (when ?? "headers") === "headers" && after === undefined ? "headers" : after

const deliveryModeOf = (fault: Exclude<DeliveryFault, { fault: "compressed" }>): DeliveryMode | undefined => {
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

/** The response with a delivery fault. */
export const withDeliveryFault = (response: WireResponse, fault: DeliveryFault): WireResponse => {
  if (fault.fault === "compressed") return compress(response, fault.coding ?? "gzip")
  const delivery = deliveryModeOf(fault)
  return delivery === undefined ? response : { ...response, delivery }
}
