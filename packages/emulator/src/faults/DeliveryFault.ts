/** Faults in how a response is sent. The response itself stays correct. */
import * as z from "zod"
import { byteCount, milliseconds, repeatCount, strictObject } from "../fieldSchemas.ts"

/** How often a fault or a scripted response repeats. `forever` makes sense only for the last one of a list. */
export type RepeatCount = z.infer<typeof repeatCount>

/** The fields of every fault that is counted in requests. */
export const perRequest = {
  /** How many requests the fault affects. @default 1 */
  times: repeatCount.optional()
}

/** How the client learns the length of a body. */
export const framing = z.enum(["length", "chunked"])

/** The codings that HTTP bodies can have, and raw deflate data, which some servers send as `deflate`. */
export const contentCodings = ["gzip", "br", "deflate", "zstd", "raw-deflate"] as const

const stopPoint = {
  /** Where the response stops. @default "headers", or "body" if `after` is set */
  when: z.enum(["headers", "body"]).optional(),
  /** Bytes of the body that are sent first. @default half of the body */
  after: byteCount.optional()
}

/** The schema of each delivery fault. */
export const deliveryFaultSchemas = [
  strictObject({
    /** No fault: the request gets its normal response, and a chaos profile does not affect it. */
    fault: z.literal("none"),
    ...perRequest
  }),
  strictObject({
    /** The response is late. */
    fault: z.literal("delay"),
    /** Milliseconds before the first byte. */
    ms: milliseconds,
    ...perRequest
  }),
  strictObject({
    /** The response does not arrive, or stops arriving, while the connection stays open. */
    fault: z.literal("hang"),
    ...stopPoint,
    /** Milliseconds until the connection is reset. @default unlimited: it hangs until the client disconnects */
    for: milliseconds.optional(),
    ...perRequest
  }),
  strictObject({
    /** The connection is reset (RST). */
    fault: z.literal("reset"),
    ...stopPoint,
    ...perRequest
  }),
  strictObject({
    /** The connection is closed in order (FIN) before the body is complete. */
    fault: z.literal("truncated"),
    /** Bytes of the body that are sent. @default half of the body */
    after: byteCount.optional(),
    /**
     * `length` announces the full length. `chunked` omits the last chunk. `close` announces nothing, so that the end
     * looks as intended. @default "length"
     */
    framing: z.enum(["length", "chunked", "close"]).optional(),
    ...perRequest
  }),
  strictObject({
    /** The Content-Length is incorrect. The whole body is sent, then the connection is closed. */
    fault: z.literal("wrong-length"),
    /** Bytes by which Content-Length exceeds the body, or is short of it if negative. */
    by: z.int().refine((bytes) => bytes !== 0, "expected an integer other than 0"),
    ...perRequest
  }),
  strictObject({
    /** The body is sent slowly. */
    fault: z.literal("slow"),
    /** The rate limit of the body. */
    bytesPerSecond: z.number().positive(),
    ...perRequest
  }),
  strictObject({
    /** The body is chunked and has no Content-Length. */
    fault: z.literal("chunked"),
    ...perRequest
  }),
  strictObject({
    /** The end of the connection marks the end of the body, as in HTTP/1.0. */
    fault: z.literal("close-delimited"),
    ...perRequest
  }),
  strictObject({
    /**
     * The body has a content coding, whatever the request accepts (RFC 9110, section 8.4). It is compressed in memory.
     * A range request gets the whole file, and the ETag is that of the compressed file.
     */
    fault: z.literal("compressed"),
    /** `deflate` is the zlib format. `raw-deflate` is declared as `deflate` and lacks that format. @default "gzip" */
    coding: z.enum(contentCodings).optional(),
    ...perRequest
  })
] as const

/** A fault in how a response is sent. The response itself stays correct. */
export type DeliveryFault = z.infer<(typeof deliveryFaultSchemas)[number]>

const names: ReadonlySet<string> = new Set(deliveryFaultSchemas.map(({ shape }) => shape.fault.value))

/** Whether a fault affects only how the response is sent. */
export const isDeliveryFault = (fault: { readonly fault: string }): fault is DeliveryFault =>
  names.has(fault.fault)
