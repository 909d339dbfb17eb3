import * as z from "zod"
import { errorReasonTags, failureReasons, outputKinds, outputRoles, taskStatuses } from "../contractValues.ts"
import type { Recording } from "./Recording.ts"

const string = z.string().exactOptional()
const number = z.number().exactOptional()
const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "Expected an ISO 8601 instant")
  .exactOptional()
const headers = z.record(z.string(), z.string()).exactOptional()

const request = z.strictObject({
  method: z.enum(["GET", "POST"]),
  url: z.url("Expected an absolute URL"),
  headers,
  body: z.unknown().exactOptional()
})

const response = z.strictObject({
  status: z.int().min(200).max(599).exactOptional(),
  headers,
  body: z.unknown()
})

const expectedError = z.strictObject({
  fault: z.strictObject({
    _tag: z.enum(errorReasonTags),
    code: string,
    message: string,
    requestId: string,
    path: string,
    retryAfter: number,
    httpStatus: number
  })
})

const expectedOutput = z.strictObject({
  kind: z.enum(outputKinds),
  role: z.enum(outputRoles).exactOptional(),
  url: string,
  base64: string,
  mediaType: string,
  width: number,
  height: number,
  expiresAt: instant,
  isPrivate: z.boolean().exactOptional()
})

const expectedFailure = z.strictObject({
  reason: z.enum(failureReasons),
  code: string,
  message: string,
  requestId: string,
  resubmit: z.boolean().exactOptional()
})

const expectedSnapshot = z.strictObject({
  status: z.enum(taskStatuses),
  rawStatus: string,
  progress: number,
  model: string,
  prompt: string,
  createdAt: instant,
  updatedAt: instant,
  completedAt: instant,
  outputs: z.array(expectedOutput).exactOptional(),
  failure: expectedFailure.exactOptional(),
  queuePosition: number,
  cost: z.strictObject({ amount: z.number(), unit: z.string() }).exactOptional(),
  warnings: z.array(z.string()).exactOptional(),
  pollAfter: number,
  retryAfter: number
})

const recording = z.strictObject({
  source: z.string().min(1),
  ref: string,
  account: z
    .record(z.string(), z.unknown())
    .refine((options) => !("apiKey" in options), {
      path: ["apiKey"],
      error: "API keys must not be recorded. Remove it"
    })
    .exactOptional(),
  request: request.exactOptional(),
  answer: response,
  // oxlint-disable-next-line unicorn/no-thenable -- a member of the JSON format, never a function
  then: z.array(z.strictObject({ request: request.exactOptional(), answer: response })).exactOptional(),
  at: instant,
  words: z.array(z.string().min(1)).exactOptional()
})
const snapshotRecording = recording.extend({ means: expectedSnapshot.exactOptional() })
const errorRecording = recording.extend({ means: expectedError.exactOptional() })

const hasFault = (value: unknown): boolean => {
  const means = (value as { readonly means?: unknown } | null | undefined)?.means
  return typeof means === "object" && means !== null && "fault" in means
}

const formatIssue = (issue: z.core.$ZodIssue): ReadonlyArray<string> => {
  const join = (path: ReadonlyArray<PropertyKey>): string => path.map(String).join(".")
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${join([...issue.path, key])} is not a member of a recording`)
  }
  return [issue.path.length === 0 ? `the file: ${issue.message}` : `${join(issue.path)}: ${issue.message}`]
}

/** A valid recording, or what is wrong with it. Problems never quote a value of the file, which may be a secret. */
export type ParsedRecording =
  | { readonly ok: true; readonly recording: Recording }
  | { readonly ok: false; readonly problems: ReadonlyArray<string> }

/** Validates the JSON of a recording file. */
export const parseRecording = (value: unknown): ParsedRecording => {
  // A union of both schemas would report the issues of each.
  const schema = hasFault(value) ? errorRecording : snapshotRecording
  const result = schema.safeParse(value, {
    error: ({ input }) => (input === undefined ? "missing" : undefined)
  })
  return result.success
    ? { ok: true, recording: result.data }
    : { ok: false, problems: result.error.issues.flatMap(formatIssue) }
}
