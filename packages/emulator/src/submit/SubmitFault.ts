/** Faults of requests that create a task. Each fault says whether a task is made. */
import * as z from "zod"
import { errorCode, milliseconds, strictObject, unknownDiscriminator, wholeSeconds } from "../fieldSchemas.ts"
import { perRequest } from "../faults/DeliveryFault.ts"

const errorBody = z.enum(["json", "html", "empty"])

/** The schema of each fault that makes no task. */
const faultsWithoutTask = [
  strictObject({
    /** The normal response, also if a chaos profile is active. A task is made if the request is valid. */
    fault: z.literal("none"),
    ...perRequest
  }),
  strictObject({
    /** The connection is reset (RST) before the body is read. No task is made. */
    fault: z.literal("reset-unread"),
    ...perRequest
  }),
  strictObject({
    /** The connection is reset (RST) after the body is read. No task is made. */
    fault: z.literal("reset-before-task"),
    ...perRequest
  }),
  strictObject({
    /** The vendor's own error, such as a rate limit. No task is made. */
    fault: z.literal("rejected"),
    /** HTTP status, from 200 to 599. @default 429 */
    status: z.int().min(200).max(599).optional(),
    /** The code in the body. @default the vendor's code for this status */
    code: errorCode.optional(),
    /** Seconds until the client should retry: `data.retryAfter` of AI GPT Image, else a header. @default absent */
    retryAfter: wholeSeconds.optional(),
    ...perRequest
  }),
  strictObject({
    /** An error of a proxy in front of the vendor. No task is made. */
    fault: z.literal("proxy-error"),
    /** From 200 to 599. @default 502 */
    status: z.int().min(200).max(599).optional(),
    /** A proxy's HTML page, no body, or the vendor's JSON. @default "html" */
    body: errorBody.optional(),
    ...perRequest
  })
] as const

/** The schema of each fault that makes a task. */
const faultsAfterTask = [
  strictObject({
    /** A task is made. Then the connection is reset (RST) before the headers. */
    fault: z.literal("reset-after-task"),
    ...perRequest
  }),
  strictObject({
    /** A task is made. The correct response ends (FIN) after half of its body. */
    fault: z.literal("truncated-after-task"),
    ...perRequest
  }),
  strictObject({
    /** A task is made. The response is an HTTP error without its id. */
    fault: z.literal("error-after-task"),
    /** From 400 to 599. @default 500 */
    status: z.int().min(400).max(599).optional(),
    /** The vendor's JSON, a proxy's HTML page, or no body. @default "json" */
    body: errorBody.optional(),
    ...perRequest
  }),
  strictObject({
    /** A task is made. The response is an HTTP error that contains the id. */
    fault: z.literal("error-with-id"),
    /** From 400 to 599. @default 400 */
    status: z.int().min(400).max(599).optional(),
    ...perRequest
  }),
  strictObject({
    /** A task is made. The response is a success without the id. */
    fault: z.literal("without-id"),
    ...perRequest
  }),
  strictObject({
    /** A task is made. The response is HTTP 200 with an HTML page. */
    fault: z.literal("html"),
    ...perRequest
  }),
  strictObject({
    /** A task is made at once. The headers of the correct response are late. */
    fault: z.literal("late"),
    /** Milliseconds before the headers. */
    ms: milliseconds,
    ...perRequest
  })
] as const

/** A fault of a submit that makes no task. */
export type FaultWithoutTask = Exclude<z.infer<(typeof faultsWithoutTask)[number]>, { fault: "none" }>

/** A fault of a submit that makes a task. */
export type FaultAfterTask = z.infer<(typeof faultsAfterTask)[number]>

/** A fault of a request that creates a task. */
export type SubmitFault = z.infer<(typeof faultsWithoutTask)[number]> | FaultAfterTask

/** The name of a fault of a submit. */
export type SubmitFaultName = SubmitFault["fault"]

const namesAfterTask: ReadonlySet<string> = new Set(faultsAfterTask.map(({ shape }) => shape.fault.value))

/** Whether a fault makes a task. */
export const isAfterTask = (fault: SubmitFault): fault is FaultAfterTask => namesAfterTask.has(fault.fault)

/** Parses a fault of a submit. */
export const submitFaultSchema: z.ZodType<SubmitFault> = z.discriminatedUnion(
  "fault",
  [...faultsWithoutTask, ...faultsAfterTask],
  { error: unknownDiscriminator }
)
