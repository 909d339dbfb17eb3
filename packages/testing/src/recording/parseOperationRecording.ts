import { commonInputNames } from "@gentask/core/provider"
import * as z from "zod"
import type { OperationName, OperationRecording } from "./OperationRecording.ts"
import { operationNames } from "./OperationRecording.ts"
import {
  account,
  amount,
  expectedError,
  expectedSnapshot,
  headers,
  instant,
  optionalText,
  response
} from "./recordingSchemas.ts"

const file = {
  file: z.string().min(1),
  mediaType: optionalText,
  size: z.int().positive().exactOptional()
}

const submit = {
  model: z.string().min(1),
  common: z.partialRecord(z.enum(commonInputNames), z.unknown()).exactOptional(),
  input: z.record(z.string(), z.unknown()).exactOptional(),
  idempotencyKey: optionalText,
  webhook: z.strictObject({ url: z.url(), secret: optionalText }).exactOptional()
}

const inputs: Readonly<Record<OperationName, z.ZodType>> = {
  submit: z.strictObject(submit),
  cancel: z.string().min(1),
  upload: z.strictObject({ ...file, model: optionalText }),
  balance: z.literal(true),
  recover: z.strictObject({ ...submit, submittedAt: instant, endedAt: instant }),
  webhook: z.strictObject({
    headers,
    body: z.unknown(),
    secret: optionalText,
    keys: z.unknown().exactOptional()
  })
}

const request = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "DELETE"]),
  url: z.url("Expected an absolute URL"),
  headers,
  body: z.unknown().exactOptional(),
  form: z.record(z.string(), z.string()).exactOptional(),
  multipart: z
    .array(z.strictObject({ name: z.string(), value: optionalText, file: optionalText }))
    .exactOptional(),
  file: optionalText
})

const task = z.strictObject({
  id: z.string(),
  params: z.record(z.string(), z.string()).exactOptional(),
  model: optionalText,
  prompt: optionalText,
  createdAt: instant,
  idempotencyKey: optionalText
})

type Shape = Readonly<Record<string, z.ZodType>>

const fault: Shape = { fault: expectedError }

/** The forms of the expected result, by operation. The first member of each form tells it from the others. */
const results: Readonly<Record<OperationName, ReadonlyArray<Shape>>> = {
  submit: [
    { accepted: z.array(z.string()).min(1), snapshot: expectedSnapshot.exactOptional() },
    { rejected: expectedError },
    { retryable: expectedError, when: z.enum(["later", "after-task-end"]) },
    { unknown: expectedError }
  ],
  cancel: [{ canceled: z.enum(["canceled", "requested", "too-late"]), message: optionalText }, fault],
  upload: [{ reference: z.string().min(1), sendTo: request.exactOptional() }, fault],
  balance: [
    { balance: z.strictObject({ available: amount.exactOptional(), used: amount.exactOptional() }) },
    fault
  ],
  recover: [{ tasks: z.array(task), isComplete: z.boolean() }, fault],
  webhook: [{ updated: task }, { respond: z.unknown() }, { ignored: z.literal(true) }, fault]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** Returns the operation of a recording, or undefined for a query. */
export const operationOf = (value: unknown): OperationName | undefined =>
  isObject(value) ? operationNames.find((name) => Object.hasOwn(value, name)) : undefined

/** Returns the schema of a recording. It has only the form of the result that the recording has, for clear issues. */
export const operationSchema = (name: OperationName, value: unknown): z.ZodType<OperationRecording> => {
  const means = isObject(value) ? value["means"] : undefined
  const forms = results[name]
  const form =
    forms.find((each) => isObject(means) && Object.hasOwn(means, Object.keys(each)[0] ?? "")) ?? forms[0]
  return z.strictObject({
    source: z.string().min(1),
    account,
    [name]: inputs[name],
    ...(name === "webhook" ? {} : { request: request.exactOptional(), answer: response }),
    at: instant,
    means: z.strictObject(form ?? {}).exactOptional()
  }) as unknown as z.ZodType<OperationRecording>
}
