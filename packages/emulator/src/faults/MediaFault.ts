/** Faults of requests for a task's results. */
import * as z from "zod"
import { byteCount, headerValue, strictObject, unknownDiscriminator } from "../fieldSchemas.ts"
import { deliveryFaultSchemas, perRequest } from "./DeliveryFault.ts"
import type { DeliveryFault } from "./DeliveryFault.ts"
import { mediaRetryAfter } from "./retryAfter.ts"

/** The schema of each fault that replaces the file behind a link. */
const fileFaultSchemas = [
  strictObject({
    /** An HTTP error status. */
    fault: z.literal("status"),
    /** From 400 to 599. */
    status: z.int().min(400).max(599),
    /** An object store's XML, HTML, JSON, or no body. @default "xml" */
    body: z.enum(["xml", "html", "json", "empty"]).optional(),
    /** When to retry: seconds in the Retry-After header, its text, or an explicit form of it. @default absent */
    retryAfter: mediaRetryAfter.optional(),
    ...perRequest
  }),
  strictObject({
    /** HTTP 200 with an HTML page instead of the file. */
    fault: z.literal("html"),
    ...perRequest
  }),
  strictObject({
    /** HTTP 200 with JSON instead of the file. */
    fault: z.literal("json"),
    ...perRequest
  }),
  strictObject({
    /** The file's headers and an empty body, or 204. */
    fault: z.literal("empty"),
    /** @default 200 */
    status: z.literal([200, 202, 204]).optional(),
    ...perRequest
  }),
  strictObject({
    /** The whole file with status 200 in response to a range request. */
    fault: z.literal("ignored-range"),
    ...perRequest
  }),
  strictObject({
    /** Status 206 with a range other than the requested one, and a Content-Range that matches the body. */
    fault: z.literal("other-range"),
    /** The first byte of the range. @default 0 */
    from: byteCount.optional(),
    ...perRequest
  }),
  strictObject({
    /** Status 416 for a range that the file has. */
    fault: z.literal("unsatisfiable"),
    ...perRequest
  }),
  strictObject({
    /** A different file: other bytes, ETag and Last-Modified. */
    fault: z.literal("changed"),
    /** Which revision of the file, from 1. @default 1 */
    revision: z
      .int()
      .min(1)
      .max(2 ** 32 - 1)
      .optional(),
    ...perRequest
  }),
  strictObject({
    /** Neither ETag nor Last-Modified, so that no If-Range can match. */
    fault: z.literal("no-validators"),
    ...perRequest
  }),
  strictObject({
    /** A weak ETag and no Last-Modified, so that no If-Range can match. */
    fault: z.literal("weak-etag"),
    ...perRequest
  }),
  strictObject({
    /** A Content-Type that does not match the file. */
    fault: z.literal("wrong-type"),
    /** @default "image/png", or "image/jpeg" for a png */
    contentType: headerValue.optional(),
    ...perRequest
  })
] as const

/** A fault that replaces the file behind a link. Range faults apply to range requests only. */
export type FileFault = z.infer<(typeof fileFaultSchemas)[number]>

/** A fault of a request for a task's result. */
export type MediaFault = DeliveryFault | FileFault

/** The name of a fault of a request for a result. */
export type MediaFaultName = MediaFault["fault"]

/** Parses a fault of a request for a result. */
export const mediaFaultSchema: z.ZodType<MediaFault> = z.discriminatedUnion(
  "fault",
  [...deliveryFaultSchemas, ...fileFaultSchemas],
  { error: unknownDiscriminator }
)

/** The faults that apply to range requests only. */
const rangeFaults: ReadonlySet<string> = new Set<MediaFaultName>([
  "ignored-range",
  "other-range",
  "unsatisfiable"
])

/** Whether a fault applies to range requests only. */
export const isRangeFault = (name: MediaFaultName): boolean => rangeFaults.has(name)
