/** Checks a task script that may come from anywhere, and says in one sentence what is wrong with it. */
import { validateHeaderName } from "node:http"
import type { Check } from "./Check.ts"
import {
  anyText,
  duration,
  fieldsHold,
  flag,
  isHeaderValue,
  lifetime,
  listOf,
  oneOf,
  ownCheck,
  quoted,
  shown,
  text,
  textOrNumber,
  times,
  whole
} from "./Check.ts"
import { problemWithFaults } from "./faults/FaultCheck.ts"
import type { QueryFault } from "./faults/Fault.ts"
import type { FaultField } from "./faults/FaultCheck.ts"
import { isRecord } from "./Json.ts"
import { mediaTypes, smallestPadded } from "./Media.ts"
import { dialects, ends, kindOf, vendors } from "./TaskScript.ts"
import type { TaskScript } from "./TaskScript.ts"

/** A task script that cannot be followed. The message is one sentence that names the field. */
export class TaskScriptError extends Error {
  override readonly name = "TaskScriptError"
}

type Fields = Readonly<Record<string, unknown>>

const phases = ["queued", "running", ...ends.filter((end) => end !== "never")]

const words: Check = {
  expected: `an object of texts whose keys are among ${quoted(phases)}`,
  holds: (value) => fieldsHold(value, Object.fromEntries(phases.map((phase) => [phase, text])))
}

const failure: Check = {
  expected: "an object { code?, message? }",
  holds: (value) =>
    fieldsHold(value, {
      code: textOrNumber,
      message: anyText
    })
}

const isHeader = ([name, value]: readonly [string, unknown]): boolean => {
  try {
    validateHeaderName(name)
    return isHeaderValue(value)
  } catch {
    return false
  }
}

const isHeaders = (value: unknown): boolean => isRecord(value) && Object.entries(value).every(isHeader)

const answerFields: Readonly<Record<string, Check>> = {
  status: whole(200, 599),
  headers: { expected: "an object of header texts", holds: isHeaders },
  body: { expected: "a JSON value", holds: () => true },
  text: anyText,
  times
}

const answer: Check = {
  expected: 'an object { status?: 200-599, headers?, body? or text?, times?: 1 or more or "forever" }',
  holds: (value) =>
    fieldsHold(value, answerFields) && !(value["body"] !== undefined && value["text"] !== undefined)
}

const checks: { readonly [Field in Exclude<keyof TaskScript, FaultField>]: Check } = {
  vendor: oneOf(vendors),
  id: text,
  kind: oneOf(["image", "video"]),
  queuedFor: duration,
  runningFor: duration,
  end: oneOf(ends),
  failure,
  media: listOf(oneOf(mediaTypes)),
  mediaSize: whole(smallestPadded, 2 ** 44),
  prompt: anyText,
  model: text,
  reqKey: text,
  inline: flag,
  linkLifetime: lifetime,
  renewLinks: flag,
  words,
  dialect: oneOf(Object.values(dialects).flat()),
  answers: listOf(answer)
}

const faultFields: readonly FaultField[] = ["faults", "mediaFaults", "links"]

const fields = [...Object.keys(checks), ...faultFields]

const isFaultField = (name: string): name is FaultField => faultFields.some((field) => field === name)

const problemWithField = ([name, value]: readonly [string, unknown]): string | undefined => {
  if (isFaultField(name)) return value === undefined ? undefined : problemWithFaults(name, value)
  const check = ownCheck(checks, name)
  if (check === undefined) {
    return `A task has no field "${name}": its fields are ${quoted(fields)}.`
  }
  if (value === undefined || check.holds(value)) return undefined
  return `A task's "${name}" must be ${check.expected}, and not ${shown(value)}.`
}

/** A string in V8 has 2^29 characters at most, of which base64 takes four for three bytes. */
const largestInBase64 = 2 ** 28

/** RIFF counts its bytes in 32 bits, itself and its first word not included. */
const largestWebp = 2 ** 32

const problemWithSize = (script: TaskScript): string | undefined => {
  const { vendor, media, mediaSize } = script
  if (mediaSize === undefined) return undefined
  if (vendor === "jimeng" && kindOf(script) === "image" && mediaSize > largestInBase64) {
    return `A jimeng image's "mediaSize" must be at most ${largestInBase64}, since it can be asked for in base64.`
  }
  return media?.includes("webp") === true && mediaSize > largestWebp
    ? `The "mediaSize" of a webp must be at most ${largestWebp}.`
    : undefined
}

const asksInBody = (fault: QueryFault): boolean =>
  (fault.fault === "business" && fault.retryAfter !== undefined) ||
  (fault.fault === "status" && typeof fault.retryAfter === "object" && fault.retryAfter.as === "body")

const problemWithCodes = ({ vendor, failure: ended, faults = [] }: TaskScript): string | undefined => {
  if (vendor !== "aigptimage" && faults.some(asksInBody)) {
    return `Only an aigptimage task can say in the body how long to wait.`
  }
  if (vendor === "jimeng" && typeof ended?.code === "string") {
    return `A jimeng task's "failure.code" must be a number.`
  }
  const takesNumbers = vendor === "jimeng" || vendor === "aigptimage"
  return takesNumbers && faults.some((fault) => fault.fault === "business" && typeof fault.code === "string")
    ? `The code of a ${vendor} task's "business" fault must be a number.`
    : undefined
}

const problemWithVendor = (script: TaskScript): string | undefined => {
  const { vendor } = script
  const known: readonly string[] = dialects[vendor]
  if (script.dialect !== undefined && !known.includes(script.dialect)) {
    return `A ${vendor} task's "dialect" must be one of ${quoted(known)}, and not "${script.dialect}".`
  }
  const problem = problemWithCodes(script) ?? problemWithSize(script)
  if (problem !== undefined || vendor === "jimeng") return problem
  if (script.inline !== undefined) return `Only a jimeng task has "inline".`
  if (script.reqKey !== undefined) return `Only a jimeng task has "reqKey".`
  return undefined
}

function assertFields(value: Fields): asserts value is Fields & TaskScript {
  for (const entry of Object.entries({ ...value, vendor: value["vendor"] ?? null })) {
    const problem = problemWithField(entry)
    if (problem !== undefined) throw new TaskScriptError(problem)
  }
}

/** @throws {TaskScriptError} when the value is no task script that can be followed */
export function assertTaskScript(value: unknown): asserts value is TaskScript {
  if (!isRecord(value)) throw new TaskScriptError(`A task must be an object such as { "vendor": "jimmy" }.`)
  assertFields(value)
  const problem = problemWithVendor(value)
  if (problem !== undefined) throw new TaskScriptError(problem)
}
