/** The script of an emulated task, as a schema and as types. */
import * as z from "zod"
import { linkFaultSchema } from "./faults/LinkFault.ts"
import { mediaFaultSchema } from "./faults/MediaFault.ts"
import { queryFaultSchema } from "./faults/QueryFault.ts"
import {
  errorCode,
  headerRecord,
  milliseconds,
  nonEmptyString,
  repeatCount,
  strictObject
} from "./fieldSchemas.ts"
import { maxMediaSize, mediaFormats, minMediaSize } from "./MediaFormat.ts"
import { dialects, vendors } from "./vendors/vendorNames.ts"

/** How a task can end. `never` keeps it running. */
export const taskEnds = ["succeeded", "failed", "canceled", "expired", "never"] as const

/** How a task ends. `never` keeps it running. */
export type TaskEnd = (typeof taskEnds)[number]

/** The phases of a task. */
export const taskPhases = ["queued", "running", "succeeded", "failed", "canceled", "expired"] as const

/** The phase of a task at one moment. */
export type TaskPhase = (typeof taskPhases)[number]

/** What a task can make. */
export const taskKinds = ["image", "video", "audio"] as const

/** Parses a scripted response. */
const scriptedResponseSchema = strictObject({
  /** HTTP status, from 200 to 599. @default 200 */
  status: z.int().min(200).max(599).optional(),
  /** Response headers. A content type overrides the one implied by `body` or `text`. */
  headers: headerRecord.readonly().optional(),
  /** Sent as JSON. Excludes `text`. */
  body: z.unknown().optional(),
  /** Sent unchanged. Excludes `body`. */
  text: z.string().optional(),
  /** How many polls get this response. @default 1 */
  times: repeatCount.optional()
}).refine(
  ({ body, text }) => body === undefined || text === undefined,
  "expected either body or text, not both"
)

/** A response that a script defines. It replaces the one that follows from the task's timeline. */
export type ScriptedResponse = z.infer<typeof scriptedResponseSchema>

/** Parses a scripted failure. */
const scriptedFailureSchema = strictObject({
  /** The vendor's code. Jimmy has no field for it; Jimeng's must be a number. @default the vendor's own example */
  code: errorCode.optional(),
  /** The vendor's message. @default the vendor's own example, or an invented one */
  message: z.string().optional()
})

/** The vendor's explanation of why a task ended without success. */
export type ScriptedFailure = z.infer<typeof scriptedFailureSchema>

/** Parses the fields of a task script. {@link parseTaskScript} also checks the rules between them. */
export const taskScriptSchema = strictObject({
  /** The wire format of the task. */
  vendor: z.enum(vendors),
  /** The task id. @default a new id in the vendor's style, such as `sora-2:task_01k74ynm13exf9ha36zz7820hv` */
  id: nonEmptyString.optional(),
  /** What the task makes. @default by the first result: `video` for mp4, `audio` for wav; else the vendor's, such as `video` for sora */
  kind: z.enum(taskKinds).optional(),
  /** Milliseconds until the task starts running. @default 0 */
  queuedFor: milliseconds.optional(),
  /** Milliseconds that the task runs for. Its progress grows linearly. @default 0 */
  runningFor: milliseconds.optional(),
  /** Milliseconds after its creation in which queries do not find the task. @default 0 */
  hiddenFor: milliseconds.optional(),
  /** How the task ends. @default "succeeded" */
  end: z.enum(taskEnds).optional(),
  /** Why the task ended without success. */
  failure: scriptedFailureSchema.optional(),
  /**
   * The results, in order. Jimmy and Sora have one result and use the first. An empty list is a success without a
   * result. @default one mp4 for a video, one jpeg for a Jimeng image, else one png
   */
  media: z.array(z.enum(mediaFormats)).readonly().optional(),
  /**
   * Bytes of each result, from 32,768: the sample with padding that decoders ignore, generated while it is sent.
   * Previews and thumbnails stay small. The maximum is 2^44, or 2^32 for webp, or 2^28 for a Jimeng image, since that
   * can be requested in base64. @default the size of the sample, about 2 to 17 kB
   */
  mediaSize: z.int().min(minMediaSize).max(maxMediaSize).optional(),
  /** The prompt, where the vendor repeats it. @default the prompt of the vendor's own example */
  prompt: z.string().optional(),
  /** The model, where the vendor repeats it. @default the model of the vendor's own example */
  model: nonEmptyString.optional(),
  /**
   * Jimeng's service identifier. A query with a different one does not find the task.
   * @default `jimeng_t2i_v40`, or `jimeng_ti2v_v30_pro` for a video
   */
  reqKey: nonEmptyString.optional(),
  /** Jimeng: send base64 even if the query requests links. @default false */
  inline: z.boolean().optional(),
  /**
   * Milliseconds that a link works for. A link with 0 or less has already expired; one with Infinity never expires.
   * @default the emulator's, else the vendor's: Jimmy 3 days (documented), Sora 6 days (the document's example), Jimeng
   * 24 h for an image and 1 h for a video (Volcengine), AI GPT Image 24 h (kie.ai)
   */
  linkLifetime: z
    .union([z.number(), z.literal(Number.POSITIVE_INFINITY)], { error: "expected a number of milliseconds" })
    .optional(),
  /** Whether each query signs new links. If not, the lifetime of links starts at the end of the task. @default true */
  renewLinks: z.boolean().optional(),
  /** How many tasks are before this one at first, where the vendor reports it. Decreases linearly. @default 1 */
  queuePosition: z.int().min(0).optional(),
  /** Lines of the task's log, where the vendor reports it. They appear linearly while the task runs. @default [] */
  logs: z.array(z.string()).readonly().optional(),
  /** What the vendor's format needs in addition, such as the endpoint that made the task; see the vendor. @default {} */
  data: z.record(z.string(), z.unknown()).readonly().optional(),
  /** Status strings to send instead of the vendor's own, by phase, such as `{ running: "video_upsampling" }`. */
  statuses: z.partialRecord(z.enum(taskPhases), nonEmptyString).readonly().optional(),
  /** A variant of the vendor's wire format; see {@link dialects}. */
  dialect: z.enum(Object.values(dialects).flat()).optional(),
  /** The responses to the first polls, in order. Later polls get the state of the task. */
  responses: z.array(scriptedResponseSchema).readonly().optional(),
  /** Faults of the first polls, in order. They also apply to scripted responses. */
  faults: z.array(queryFaultSchema).readonly().optional(),
  /** Faults of the first requests for the task's results, in order. */
  mediaFaults: z.array(mediaFaultSchema).readonly().optional(),
  /** Faults of the links in the first responses that contain any, in order. */
  links: z.array(linkFaultSchema).readonly().optional()
})

/**
 * What a task does. Only `vendor` is required: such a task has succeeded by its first query.
 *
 * @example
 * { vendor: "jimmy", queuedFor: 200, runningFor: 400, faults: [{ fault: "status", status: 503 }] }
 */
export interface TaskScript extends z.infer<typeof taskScriptSchema> {}

/** What a task makes. */
export type TaskKind = NonNullable<TaskScript["kind"]>
