import * as z from "zod"
import type { OperationRecording } from "./OperationRecording.ts"
import { operationOf, operationSchema } from "./parseOperationRecording.ts"
import type { Recording } from "./Recording.ts"
import {
  account,
  expectedError,
  expectedSnapshot,
  headers,
  instant,
  optionalText,
  response
} from "./recordingSchemas.ts"

const request = z.strictObject({
  method: z.enum(["GET", "POST"]),
  url: z.url("Expected an absolute URL"),
  headers,
  body: z.unknown().exactOptional()
})

const recording = z.strictObject({
  source: z.string().min(1),
  ref: optionalText,
  account,
  request: request.exactOptional(),
  answer: response,
  // oxlint-disable-next-line unicorn/no-thenable -- a member of the JSON format, never a function
  then: z.array(z.strictObject({ request: request.exactOptional(), answer: response })).exactOptional(),
  at: instant,
  words: z.array(z.string().min(1)).exactOptional()
})
const snapshotRecording = recording.extend({ means: expectedSnapshot.exactOptional() })
const errorRecording = recording.extend({ means: z.strictObject({ fault: expectedError }).exactOptional() })

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
  | { readonly ok: true; readonly recording: Recording; readonly operation: undefined }
  | { readonly ok: true; readonly recording: undefined; readonly operation: OperationRecording }
  | { readonly ok: false; readonly problems: ReadonlyArray<string> }

const error: z.core.$ZodErrorMap = ({ input }) => (input === undefined ? "missing" : undefined)

/** Validates the JSON of a recording file. */
export const parseRecording = (value: unknown): ParsedRecording => {
  const name = operationOf(value)
  if (name !== undefined) {
    const result = operationSchema(name, value).safeParse(value, { error })
    return result.success
      ? { ok: true, recording: undefined, operation: result.data }
      : { ok: false, problems: result.error.issues.flatMap(formatIssue) }
  }
  // A union of both schemas would report the issues of each.
  const schema = hasFault(value) ? errorRecording : snapshotRecording
  const result = schema.safeParse(value, { error })
  return result.success
    ? { ok: true, recording: result.data, operation: undefined }
    : { ok: false, problems: result.error.issues.flatMap(formatIssue) }
}
