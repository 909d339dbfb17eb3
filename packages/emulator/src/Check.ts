/** What a script's fields can be checked for, with words for what was expected. */
import { validateHeaderValue } from "node:http"
import { inspect } from "node:util"
import { isRecord } from "./Json.ts"

/** A test of a value, and what it tests in words that follow "must be". */
export interface Check {
  readonly expected: string
  readonly holds: (value: unknown) => boolean
}

/** Checks by the name of the field. */
export type Checks = Readonly<Record<string, Check>>

const isNumber = (value: unknown): value is number => Number.isFinite(value)

export const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(", ")

export const oneOf = (words: readonly (string | number)[]): Check => ({
  expected: `one of ${words.map((word) => JSON.stringify(word)).join(", ")}`,
  holds: (value) => words.some((word) => word === value)
})

/** Anything but an empty text; well-formed, since it may have to be percent-encoded. */
export const text: Check = {
  expected: "a text that is not empty",
  holds: (value) => typeof value === "string" && value !== "" && value.isWellFormed()
}

export const anyText: Check = { expected: "a text", holds: (value) => typeof value === "string" }

/** Whether a value can be sent in a header. */
export const isHeaderValue = (value: unknown): value is string => {
  if (typeof value !== "string") return false
  try {
    validateHeaderValue("x", value)
    return true
  } catch {
    return false
  }
}

export const headerText: Check = { expected: "a text that a header can hold", holds: isHeaderValue }

export const flag: Check = { expected: "true or false", holds: (value) => typeof value === "boolean" }

export const textOrNumber: Check = {
  expected: "a text or a number",
  holds: (value) => text.holds(value) || isNumber(value)
}

export const duration: Check = {
  expected: "a number of milliseconds, 0 or more",
  holds: (value) => isNumber(value) && value >= 0
}

export const lifetime: Check = {
  expected: "a number of milliseconds",
  holds: (value) => isNumber(value) || value === Number.POSITIVE_INFINITY
}

/** A whole number in a range whose ends belong to it. */
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Check => ({
  expected:
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${least}`
      : `a whole number from ${least} to ${most}`,
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
})

export const positive: Check = {
  expected: "a number above 0",
  holds: (value) => isNumber(value) && value > 0
}

export const times: Check = {
  expected: 'a whole number from 1, or "forever"',
  holds: (value) => value === "forever" || whole(1).holds(value)
}

export const listOf = (member: Check): Check => ({
  expected: `a list whose members are each ${member.expected}`,
  holds: (value) => Array.isArray(value) && value.every(member.holds)
})

/** The check of a field. A field may be called "constructor": only what the table itself holds is a check. */
export const ownCheck = (checks: Checks, name: string): Check | undefined =>
  Object.hasOwn(checks, name) ? checks[name] : undefined

/** Whether a value is an object all of whose fields are known and right. */
export const fieldsHold = (value: unknown, checks: Checks): value is Readonly<Record<string, unknown>> =>
  isRecord(value) &&
  Object.entries(value).every(
    ([name, field]) => field === undefined || (ownCheck(checks, name)?.holds(field) ?? false)
  )

/** A value as a sentence can show it. */
export const shown = (value: unknown): string => inspect(value, { depth: 1 }).slice(0, 100)
