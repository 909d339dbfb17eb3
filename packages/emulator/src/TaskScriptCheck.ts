/** Checks a task script that may come from anywhere, and says in one sentence what is wrong with it. */
import { validateHeaderName, validateHeaderValue } from "node:http"
import { inspect } from "node:util"
import { isRecord } from "./Json.ts"
import { mediaTypes } from "./Media.ts"
import { dialects, ends, vendors } from "./TaskScript.ts"
import type { TaskScript } from "./TaskScript.ts"

/** A task script that cannot be followed. The message is one sentence that names the field. */
export class TaskScriptError extends Error {
  override readonly name = "TaskScriptError"
}

interface Check {
  readonly expected: string
  readonly holds: (value: unknown) => boolean
}

type Fields = Readonly<Record<string, unknown>>

const isNumber = (value: unknown): value is number => Number.isFinite(value)

const isWhole = (value: unknown): value is number => Number.isInteger(value)

const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(", ")

const oneOf = (words: readonly string[]): Check => ({
  expected: `one of ${quoted(words)}`,
  holds: (value) => words.some((word) => word === value)
})

const text: Check = {
  expected: "a text that is not empty",
  holds: (value) => typeof value === "string" && value !== "" && value.isWellFormed()
}

const flag: Check = { expected: "true or false", holds: (value) => typeof value === "boolean" }

const duration: Check = {
  expected: "a number of milliseconds, 0 or more",
  holds: (value) => isNumber(value) && value >= 0
}

const lifetime: Check = {
  expected: "a number of milliseconds",
  holds: (value) => isNumber(value) || value === Number.POSITIVE_INFINITY
}

const listOf = (member: Check): Check => ({
  expected: `a list whose members are each ${member.expected}`,
  holds: (value) => Array.isArray(value) && value.every(member.holds)
})

// A field may be called "constructor": only what the table itself holds is a check.
const ownCheck = (checks: Readonly<Record<string, Check>>, name: string): Check | undefined =>
  Object.hasOwn(checks, name) ? checks[name] : undefined

const fieldsHold = (value: unknown, checks: Readonly<Record<string, Check>>): value is Fields =>
  isRecord(value) &&
  Object.entries(value).every(
    ([name, field]) => field === undefined || (ownCheck(checks, name)?.holds(field) ?? false)
  )

const phases = ["queued", "running", ...ends.filter((end) => end !== "never")]

const words: Check = {
  expected: `an object of texts whose keys are among ${quoted(phases)}`,
  holds: (value) => fieldsHold(value, Object.fromEntries(phases.map((phase) => [phase, text])))
}

const failure: Check = {
  expected: "an object { code?, message? }",
  holds: (value) =>
    fieldsHold(value, {
      code: { expected: "a text or a number", holds: (code) => text.holds(code) || isNumber(code) },
      message: { expected: "a text", holds: (message) => typeof message === "string" }
    })
}

const isHeader = ([name, value]: readonly [string, unknown]): boolean => {
  if (typeof value !== "string") return false
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

const isHeaders = (value: unknown): boolean => isRecord(value) && Object.entries(value).every(isHeader)

const answerFields: Readonly<Record<string, Check>> = {
  status: {
    expected: "an HTTP status from 200 to 599",
    holds: (value) => isWhole(value) && value >= 200 && value <= 599
  },
  headers: { expected: "an object of header texts", holds: isHeaders },
  body: { expected: "a JSON value", holds: () => true },
  text: { expected: "a text", holds: (value) => typeof value === "string" },
  times: {
    expected: 'a whole number from 1, or "forever"',
    holds: (value) => value === "forever" || (isWhole(value) && value >= 1)
  }
}

const answer: Check = {
  expected: 'an object { status?: 200-599, headers?, body? or text?, times?: 1 or more or "forever" }',
  holds: (value) =>
    fieldsHold(value, answerFields) && !(value["body"] !== undefined && value["text"] !== undefined)
}

const checks: { readonly [Field in keyof Required<TaskScript>]: Check } = {
  vendor: oneOf(vendors),
  id: text,
  kind: oneOf(["image", "video"]),
  queuedFor: duration,
  runningFor: duration,
  end: oneOf(ends),
  failure,
  media: listOf(oneOf(mediaTypes)),
  prompt: { expected: "a text", holds: (value) => typeof value === "string" },
  model: text,
  reqKey: text,
  inline: flag,
  linkLifetime: lifetime,
  renewLinks: flag,
  words,
  dialect: oneOf(Object.values(dialects).flat()),
  answers: listOf(answer)
}

const shown = (value: unknown): string => inspect(value, { depth: 1 }).slice(0, 100)

const problemWithField = ([name, value]: readonly [string, unknown]): string | undefined => {
  const check = ownCheck(checks, name)
  if (check === undefined) {
    return `A task has no field "${name}": its fields are ${quoted(Object.keys(checks))}.`
  }
  if (value === undefined || check.holds(value)) return undefined
  return `A task's "${name}" must be ${check.expected}, and not ${shown(value)}.`
}

const problemWithVendor = ({ vendor, ...script }: TaskScript): string | undefined => {
  const known: readonly string[] = dialects[vendor]
  if (script.dialect !== undefined && !known.includes(script.dialect)) {
    return `A ${vendor} task's "dialect" must be one of ${quoted(known)}, and not "${script.dialect}".`
  }
  if (vendor === "jimeng") {
    return typeof script.failure?.code === "string"
      ? `A jimeng task's "failure.code" must be a number.`
      : undefined
  }
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
