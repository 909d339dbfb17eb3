/** The faults of a chaos profile, with pseudorandom options. */
import { traitsOf } from "../vendors/traitsOf.ts"
import type { Vendor } from "../vendors/vendorNames.ts"
import { contentCodings } from "./DeliveryFault.ts"
import type { DeliveryFault } from "./DeliveryFault.ts"
import type { MediaFault, MediaFaultName } from "./MediaFault.ts"
import type { QueryFault, QueryFaultName } from "./QueryFault.ts"
import type { RetryAfter } from "./retryAfter.ts"

/** The settings that all faults of a profile share. */
export interface ChaosSettings {
  /** Milliseconds until a hanging connection is reset. */
  readonly hangFor: number
  /** The maximum delay in milliseconds. */
  readonly maxDelay: number
  /** Seconds until the client should retry after 429 or 503. Undefined means no Retry-After. */
  readonly retryAfter: number | undefined
}

/** The source of the options of one fault. */
export interface ChaosContext extends ChaosSettings {
  /** The vendor of the task. */
  readonly vendor: Vendor
  /** Returns a pseudorandom number from 0, below 1. Can be called six times. */
  readonly random: () => number
}

/** A pseudorandom item. */
export const pick = <Item>(
  items: readonly [Item, ...Item[]],
  { random }: Pick<ChaosContext, "random">
): Item => items[Math.floor(random() * items.length)] ?? items[0]

type RetryAfterForm = NonNullable<RetryAfter["as"]>

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Milliseconds by which the clock of a server is ahead. */
const clockSkews = [-3 * day, -hour, -2 * minute, 2 * minute, hour, 3 * day] as const

/** Values of Retry-After that HTTP does not define. */
const undefinedValues = ["soon", "-1", "PT1S", "Thu, 32 Foo 2026 25:61:61 GMT"] as const

const retryAfterOf = <Form extends RetryAfterForm>(
  status: number,
  forms: readonly [Form, ...Form[]],
  context: ChaosContext
): {
  readonly retryAfter?:
    | string
    | { readonly seconds: number; readonly as: Form | "date"; readonly clockSkew?: number }
} => {
  const { retryAfter: seconds } = context
  if (seconds === undefined || (status !== 429 && status !== 503)) return {}
  const form = pick([...forms, "skewed", "undefined"] as const, context)
  if (form === "undefined") return { retryAfter: pick(undefinedValues, context) }
  if (form !== "skewed") return { retryAfter: { seconds, as: form } }
  return { retryAfter: { seconds, as: "date", clockSkew: pick(clockSkews, context) } }
}

const statusFault = (context: ChaosContext): QueryFault => {
  const status = pick([408, 409, 425, 429, 500, 502, 503, 504], context)
  const body = pick(["json", "html", "empty"] as const, context)
  const allowsBody = traitsOf(context.vendor).hasRetryAfterInBody === true && body === "json"
  return {
    fault: "status",
    status,
    body,
    ...retryAfterOf<RetryAfterForm>(
      status,
      allowsBody ? ["seconds", "date", "repeated", "body"] : ["seconds", "date", "repeated"],
      context
    )
  }
}

const mediaStatusFault = (context: ChaosContext): MediaFault => {
  const status = pick([403, 429, 500, 502, 503, 504], context)
  const body = pick(["xml", "html", "json", "empty"] as const, context)
  return { fault: "status", status, body, ...retryAfterOf(status, ["seconds", "date", "repeated"], context) }
}

const deliveryFaultFor: {
  readonly [Name in DeliveryFault["fault"]]: (context: ChaosContext) => DeliveryFault
} = {
  none: () => ({ fault: "none" }),
  delay: ({ maxDelay, random }) => ({ fault: "delay", ms: Math.ceil(random() * maxDelay) }),
  hang: (context) => ({ fault: "hang", when: pick(["headers", "body"], context), for: context.hangFor }),
  reset: (context) => ({ fault: "reset", when: pick(["headers", "body"], context) }),
  truncated: (context) => ({ fault: "truncated", framing: pick(["length", "chunked", "close"], context) }),
  "wrong-length": ({ random }) => ({ fault: "wrong-length", by: 1 + Math.floor(random() * 100) }),
  slow: () => ({ fault: "slow", bytesPerSecond: 20_000 }),
  chunked: () => ({ fault: "chunked" }),
  "close-delimited": () => ({ fault: "close-delimited" }),
  compressed: (context) => ({ fault: "compressed", coding: pick(contentCodings, context) })
}

/** Creates a fault of a query, by name. */
export const queryFaultFor: { readonly [Name in QueryFaultName]: (context: ChaosContext) => QueryFault } = {
  ...deliveryFaultFor,
  "wrong-length": (context) => ({ fault: "wrong-length", by: pick([7, -7], context) }),
  status: statusFault,
  business: (context) => ({
    fault: "business",
    code: pick(traitsOf(context.vendor).transientCodes, context)
  }),
  "invalid-json": () => ({ fault: "invalid-json" }),
  bom: () => ({ fault: "bom" }),
  "wrong-shape": (context) => ({
    fault: "wrong-shape",
    as: pick(["array", "string", "number", "boolean", "null", "nested"], context)
  }),
  empty: (context) => ({ fault: "empty", status: pick([200, 202, 204], context) }),
  html: () => ({ fault: "html" }),
  huge: () => ({ fault: "huge", megabytes: 64 }),
  lag: () => ({ fault: "lag" }),
  "unknown-status": (context) => ({
    fault: "unknown-status",
    status: pick(["warming_up", "video_upsampling_3", "QUEUED_FOR_REVIEW", "排队中"], context)
  }),
  "status-regression": (context) => ({
    fault: "status-regression",
    to: pick(["queued", "running"], context)
  }),
  "progress-regression": () => ({ fault: "progress-regression" }),
  "no-output": () => ({ fault: "no-output" }),
  reordered: (context) => ({
    fault: "reordered",
    order: pick(["reversed", "rotated"], context),
    more: pick([[], ["gif"]], context)
  }),
  "clock-skew": (context) => ({ fault: "clock-skew", by: pick(clockSkews, context) })
}

/** Creates a fault of a request for a result, by name. */
export const mediaFaultFor: { readonly [Name in MediaFaultName]: (context: ChaosContext) => MediaFault } = {
  ...deliveryFaultFor,
  // Anywhere in a sample: the largest one is smaller than 20 kB.
  reset: ({ random }) => ({ fault: "reset", when: "body", after: Math.floor(random() * 20_000) }),
  status: mediaStatusFault,
  html: () => ({ fault: "html" }),
  json: () => ({ fault: "json" }),
  empty: (context) => ({ fault: "empty", status: pick([200, 202, 204], context) }),
  "ignored-range": () => ({ fault: "ignored-range" }),
  "other-range": () => ({ fault: "other-range" }),
  unsatisfiable: () => ({ fault: "unsatisfiable" }),
  changed: () => ({ fault: "changed" }),
  "no-validators": () => ({ fault: "no-validators" }),
  "weak-etag": () => ({ fault: "weak-etag" }),
  "wrong-type": () => ({ fault: "wrong-type" })
}
