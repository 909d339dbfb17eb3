/** The parts that the schemas of several kinds of recordings share. */
import * as z from "zod"
import { errorReasonTags, failureReasons, outputKinds, outputRoles, taskStatuses } from "../contractValues.ts"

/** A text that may be absent. */
export const optionalText = z.string().exactOptional()
const number = z.number().exactOptional()
/** An instant that may be absent. */
export const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "Expected an ISO 8601 instant")
  .exactOptional()
/** Headers that may be absent. */
export const headers = z.record(z.string(), z.string()).exactOptional()

/** A recorded response. */
export const response = z.strictObject({
  status: z.int().min(200).max(599).exactOptional(),
  headers,
  body: z.unknown()
})

/** An expected error. */
export const expectedError = z.strictObject({
  _tag: z.enum(errorReasonTags),
  code: optionalText,
  message: optionalText,
  requestId: optionalText,
  path: optionalText,
  retryAfter: number,
  httpStatus: number
})

const expectedOutput = z.strictObject({
  kind: z.enum(outputKinds),
  role: z.enum(outputRoles).exactOptional(),
  url: optionalText,
  base64: optionalText,
  mediaType: optionalText,
  width: number,
  height: number,
  expiresAt: instant,
  isPrivate: z.boolean().exactOptional()
})

const expectedFailure = z.strictObject({
  reason: z.enum(failureReasons),
  code: optionalText,
  message: optionalText,
  requestId: optionalText,
  resubmit: z.boolean().exactOptional()
})

/** An amount of credit. */
export const amount = z.strictObject({ amount: z.number(), unit: z.string() })

/** An expected snapshot. */
export const expectedSnapshot = z.strictObject({
  status: z.enum(taskStatuses),
  rawStatus: optionalText,
  progress: number,
  model: optionalText,
  prompt: optionalText,
  createdAt: instant,
  updatedAt: instant,
  completedAt: instant,
  outputs: z.array(expectedOutput).exactOptional(),
  failure: expectedFailure.exactOptional(),
  queuePosition: number,
  cost: amount.exactOptional(),
  aigcMetaTagged: z.boolean().exactOptional(),
  warnings: z.array(z.string()).exactOptional(),
  pollAfter: number,
  retryAfter: number
})

/** The options of an account, which may be absent. */
export const account = z
  .record(z.string(), z.unknown())
  .refine((options) => !("apiKey" in options), {
    path: ["apiKey"],
    error: "API keys must not be recorded. Remove it"
  })
  .exactOptional()
