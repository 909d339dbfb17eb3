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
import { mediaFormats } from "../MediaFormat.ts"
import { deliveryFaultSchemas, framing, perRequest } from "./DeliveryFault.ts"
import type { DeliveryFault } from "./DeliveryFault.ts"
import { queryRetryAfter } from "./retryAfter.ts"

const perPoll = {
  /** How many polls the fault affects. @default 1 */
  polls: repeatCount.optional()
}

/** The schema of each fault that replaces the response to a query. */
const responseFaultSchemas = [
  strictObject({
    /** An HTTP error status. */
    fault: z.literal("status"),
    /** From 400 to 599. */
    status: z.int().min(400).max(599),
    /** The vendor's JSON, a proxy's HTML page, or no body. @default "json" */
    body: z.enum(["json", "html", "empty"]).optional(),
    /** When to retry: seconds in the Retry-After header, its text, or an explicit form. @default absent */
    retryAfter: queryRetryAfter.optional(),
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
    /** The correct JSON after a byte order mark (U+FEFF), which RFC 8259 does not allow. */
    fault: z.literal("bom"),
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
    /** The vendor's headers and an empty body, or 204. */
    fault: z.literal("empty"),
    /** 202 and 204 are how some servers report a task that has not ended. @default 200 */
    status: z.literal([200, 202, 204]).optional(),
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
  }),
  strictObject({
    /**
     * The task has succeeded and its results are listed in another order. Jimeng's images and AI GPT Image only. Applies
     * once it has succeeded. The links still lead to the same files.
     */
    fault: z.literal("reordered"),
    /** `rotated` starts with the last result. @default "reversed" */
    order: z.enum(["reversed", "rotated"]).optional(),
    /** Results to append before the list is reordered. Later responses also list them, at the end. @default none */
    more: z.array(z.enum(mediaFormats)).readonly().optional(),
    ...perPoll
  }),
  strictObject({
    /**
     * The server's clock is not right. The `Date` header and all times in the body are of this clock, except those in
     * links.
     */
    fault: z.literal("clock-skew"),
    /** Milliseconds by which the clock is ahead, or behind if negative. */
    by: z.int(),
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
