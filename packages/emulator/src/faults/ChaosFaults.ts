/** The faults of a chaos profile: each kind with options that are drawn. */
import type { Vendor } from "../TaskScript.ts"
import type {
  DeliveryFault,
  MediaFault,
  MediaFaultName,
  QueryFault,
  QueryFaultName,
  RetryAfter
} from "./Fault.ts"

/** What a profile says of all its faults. */
export interface ChaosTuning {
  /** Milliseconds after which a hanging exchange is reset. */
  readonly hangFor: number
  /** Milliseconds that a delay takes at most. */
  readonly longestDelay: number
  /** Seconds for which a 429 or 503 asks to wait; undefined when it does not. */
  readonly retryAfter: number | undefined
}

/** What the options of one fault are drawn from. */
export interface ChaosDraw extends ChaosTuning {
  readonly vendor: Vendor
  /** From 0 up to 1; six times at most. */
  readonly draw: () => number
}

const oneOf = <Item>(items: readonly [Item, ...Item[]], { draw }: ChaosDraw): Item =>
  items[Math.floor(draw() * items.length)] ?? items[0]

const transientCodes: Record<Vendor, readonly [number | string, ...(number | string)[]]> = {
  jimmy: ["50000"],
  sora: ["upstream_error", "rate_limit_exceeded"],
  jimeng: [50_429, 50_430, 50_500],
  aigptimage: [429, 455, 500]
}

const retryAfterOf = (
  status: number,
  forms: readonly [NonNullable<RetryAfter["as"]>, ...NonNullable<RetryAfter["as"]>[]],
  chance: ChaosDraw
): { readonly retryAfter?: RetryAfter } => {
  const { retryAfter: seconds } = chance
  if (seconds === undefined || (status !== 429 && status !== 503)) return {}
  return { retryAfter: { seconds, as: oneOf(forms, chance) } }
}

const statusFault = (chance: ChaosDraw): QueryFault => {
  const status = oneOf([408, 409, 425, 429, 500, 502, 503, 504], chance)
  const body = oneOf(["json", "html", "empty"] as const, chance)
  const inBody = chance.vendor === "aigptimage" && body === "json"
  return {
    fault: "status",
    status,
    body,
    ...retryAfterOf(status, inBody ? ["seconds", "date", "body"] : ["seconds", "date"], chance)
  }
}

const mediaStatusFault = (chance: ChaosDraw): MediaFault => {
  const status = oneOf([403, 429, 500, 502, 503, 504], chance)
  const body = oneOf(["xml", "html", "json", "empty"] as const, chance)
  return { fault: "status", status, body, ...retryAfterOf(status, ["seconds", "date"], chance) }
}

const deliveryFaultFor: {
  readonly [Name in DeliveryFault["fault"]]: (chance: ChaosDraw) => DeliveryFault
} = {
  none: () => ({ fault: "none" }),
  delay: ({ longestDelay, draw }) => ({ fault: "delay", ms: Math.ceil(draw() * longestDelay) }),
  hang: (chance) => ({ fault: "hang", when: oneOf(["headers", "body"], chance), for: chance.hangFor }),
  reset: (chance) => ({ fault: "reset", when: oneOf(["headers", "body"], chance) }),
  truncated: (chance) => ({ fault: "truncated", framing: oneOf(["length", "chunked"], chance) }),
  "wrong-length": ({ draw }) => ({ fault: "wrong-length", by: 1 + Math.floor(draw() * 100) }),
  slow: () => ({ fault: "slow", bytesPerSecond: 20_000 }),
  chunked: () => ({ fault: "chunked" }),
  "close-delimited": () => ({ fault: "close-delimited" })
}

/** A fault of a query, by its name. */
export const queryFaultFor: { readonly [Name in QueryFaultName]: (chance: ChaosDraw) => QueryFault } = {
  ...deliveryFaultFor,
  "wrong-length": (chance) => ({ fault: "wrong-length", by: oneOf([7, -7], chance) }),
  status: statusFault,
  business: (chance) => ({ fault: "business", code: oneOf(transientCodes[chance.vendor], chance) }),
  "invalid-json": () => ({ fault: "invalid-json" }),
  "wrong-shape": (chance) => ({
    fault: "wrong-shape",
    as: oneOf(["array", "string", "number", "boolean", "null", "nested"], chance)
  }),
  empty: () => ({ fault: "empty" }),
  html: () => ({ fault: "html" }),
  huge: () => ({ fault: "huge", megabytes: 64 }),
  lag: () => ({ fault: "lag" }),
  "unknown-word": (chance) => ({
    fault: "unknown-word",
    word: oneOf(["warming_up", "video_upsampling_3", "QUEUED_FOR_REVIEW", "排队中"], chance)
  }),
  "status-back": (chance) => ({ fault: "status-back", to: oneOf(["queued", "running"], chance) }),
  "progress-back": () => ({ fault: "progress-back" }),
  "no-output": () => ({ fault: "no-output" })
}

/** A fault of a request for a result, by its name. */
export const mediaFaultFor: { readonly [Name in MediaFaultName]: (chance: ChaosDraw) => MediaFault } = {
  ...deliveryFaultFor,
  // Anywhere in a sample, the largest of which have less than 20 kB.
  reset: ({ draw }) => ({ fault: "reset", when: "body", after: Math.floor(draw() * 20_000) }),
  status: mediaStatusFault,
  html: () => ({ fault: "html" }),
  json: () => ({ fault: "json" }),
  empty: () => ({ fault: "empty" }),
  "ignored-range": () => ({ fault: "ignored-range" }),
  "other-range": () => ({ fault: "other-range" }),
  unsatisfiable: () => ({ fault: "unsatisfiable" }),
  changed: () => ({ fault: "changed" }),
  "no-validators": () => ({ fault: "no-validators" }),
  "weak-etag": () => ({ fault: "weak-etag" }),
  "wrong-type": () => ({ fault: "wrong-type" })
}
