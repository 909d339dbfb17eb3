/** Faults of queries about a task. */
import * as z from "zod"
import {
  errorCode,
  nonEmptyString,
  repeatCount,
  strictObject,
  unknownDiscriminator,
  wholeSeconds
} from "../fieldSchemas.ts"
import { deliveryFaultSchemas, framing, perRequest } from "./DeliveryFault.ts"
import type { DeliveryFault } from "./DeliveryFault.ts"

const perPoll = {
  /** How many polls the fault affects. @default 1 */
  polls: repeatCount.optional()
}

/** When the client should retry. */
const retryAfterSchema = strictObject({
  /** Seconds until the client should retry. A whole number. */
  seconds: wholeSeconds,
  /**
   * How the client learns it: `seconds` and `date` are the two forms of the Retry-After header, `body` is
   * `data.retryAfter` of AI GPT Image. A date is rounded up to the second. @default "seconds"
   */
  as: z.enum(["seconds", "date", "body"]).optional()
})

/** When the client should retry, and how the response says so. */
export type RetryAfter = z.infer<typeof retryAfterSchema>

/** The schema of each fault that replaces the response to a query. */
const responseFaultSchemas = [
  strictObject({
    /** An HTTP error status. */
    fault: z.literal("status"),
    /** From 400 to 599. */
    status: z.int().min(400).max(599),
    /** The vendor's JSON, a proxy's HTML page, or no body. @default "json" */
    body: z.enum(["json", "html", "empty"]).optional(),
    /** When to retry: seconds in the Retry-After header, or an explicit form. @default absent */
    retryAfter: z
      .union([wholeSeconds, retryAfterSchema], {
        error: 'expected an integer number of seconds, or { seconds, as?: "seconds", "date" or "body" }'
      })
      .optional(),
    ...perRequest
  }),
  strictObject({
    /** An error in the vendor's envelope, with HTTP status 200. */
    fault: z.literal("business"),
    /** @default a transient error: jimmy "50000", sora "upstream_error", jimeng 50500, aigptimage 500 */
    code: errorCode.optional(),
    /** Seconds until the client should retry, in `data.retryAfter`. AI GPT Image only. @default absent */
    retryAfter: wholeSeconds.optional(),
    ...perRequest
  }),
  strictObject({
    /** The correct JSON without its last characters. The HTTP message is complete. */
    fault: z.literal("invalid-json"),
    ...perRequest
  }),
  strictObject({
    /** Valid JSON of an unexpected type. */
    fault: z.literal("wrong-shape"),
    /** `nested` keeps the envelope and changes the type of every value in it. @default "array" */
    as: z.enum(["array", "string", "number", "boolean", "null", "nested"]).optional(),
    ...perRequest
  }),
  strictObject({
    /** HTTP 200 with the vendor's content type and an empty body. */
    fault: z.literal("empty"),
    ...perRequest
  }),
  strictObject({
    /** HTTP 200 with an HTML page. */
    fault: z.literal("html"),
    ...perRequest
  }),
  strictObject({
    /** The correct response with one additional, very large field. It is generated while it is sent. */
    fault: z.literal("huge"),
    /** Size of the field in units of 1,000,000 bytes. */
    megabytes: z.number().positive(),
    /** Whether the length is announced. @default "chunked" */
    framing: framing.optional(),
    ...perRequest
  })
] as const

/** A fault that replaces the response to a query. */
export type ResponseFault = z.infer<(typeof responseFaultSchemas)[number]>

/** The schema of each fault in the task state that the vendor reports. */
const stateFaultSchemas = [
  strictObject({
    /** Replication lag: the vendor does not know the task yet and responds as to an unknown id. */
    fault: z.literal("lag"),
    ...perPoll
  }),
  strictObject({
    /** The task is running, with a status that the vendor does not document. It does not end meanwhile. */
    fault: z.literal("unknown-status"),
    /** The undocumented status. @default "warming_up" */
    status: nonEmptyString.optional(),
    ...perPoll
  }),
  strictObject({
    /** The task is back in an earlier phase. Applies once a response has reported a later one. */
    fault: z.literal("status-regression"),
    /** The earlier phase. @default "queued" */
    to: z.enum(["queued", "running"]).optional(),
    ...perPoll
  }),
  strictObject({
    /** The task is running with less progress than before. Applies once a response has reported more. */
    fault: z.literal("progress-regression"),
    /** From 0, below 1. @default 0.01 */
    progress: z.number().min(0).lt(1).optional(),
    ...perPoll
  }),
  strictObject({
    /** The task has succeeded and has no output. Applies once it has succeeded. */
    fault: z.literal("no-output"),
    ...perPoll
  })
] as const

/** A fault in the task state that the vendor reports. If it cannot apply yet, it waits until it can. */
export type StateFault = z.infer<(typeof stateFaultSchemas)[number]>

const stateFaultNames: ReadonlySet<string> = new Set(stateFaultSchemas.map(({ shape }) => shape.fault.value))

/** Whether a fault is one in the task state that the vendor reports. */
export const isStateFault = (fault: { readonly fault: string }): fault is StateFault =>
  stateFaultNames.has(fault.fault)

/** A fault of a query about a task. */
export type QueryFault = DeliveryFault | ResponseFault | StateFault

/** The name of a fault of a query. */
export type QueryFaultName = QueryFault["fault"]

/** Parses a fault of a query. */
export const queryFaultSchema: z.ZodType<QueryFault> = z.discriminatedUnion(
  "fault",
  [...deliveryFaultSchemas, ...responseFaultSchemas, ...stateFaultSchemas],
  { error: unknownDiscriminator }
)
