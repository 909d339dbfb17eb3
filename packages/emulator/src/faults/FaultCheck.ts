/** Checks lists of faults that may come from anywhere, and says in one sentence what is wrong with one. */
import type { Check, Checks } from "../Check.ts"
import {
  anyText,
  duration,
  fieldsHold,
  headerText,
  isHeaderValue,
  oneOf,
  ownCheck,
  positive,
  quoted,
  shown,
  text,
  textOrNumber,
  times,
  whole
} from "../Check.ts"
import { isRecord } from "../Json.ts"
import type { MediaFaultName, QueryFaultName } from "./Fault.ts"
import type { LinkFaultName } from "./LinkFault.ts"

const perRequest = { times }
const perPoll = { polls: times }

const stopping = { when: oneOf(["headers", "body"]), after: whole(0) }

const byDelivery = {
  none: perRequest,
  delay: { ms: duration, ...perRequest },
  hang: { ...stopping, for: duration, ...perRequest },
  reset: { ...stopping, ...perRequest },
  truncated: { after: whole(0), framing: oneOf(["length", "chunked"]), ...perRequest },
  "wrong-length": {
    by: {
      expected: "a whole number other than 0",
      holds: (value) => Number.isSafeInteger(value) && value !== 0
    },
    ...perRequest
  },
  slow: { bytesPerSecond: positive, ...perRequest },
  chunked: perRequest,
  "close-delimited": perRequest
} satisfies Record<string, Checks>

const retryAfter = (forms: readonly string[]): Check => ({
  expected: `a whole number of seconds, or { seconds, as?: one of ${quoted(forms)} }`,
  holds: (value) =>
    whole(0).holds(value) ||
    (fieldsHold(value, { seconds: whole(0), as: oneOf(forms) }) && value["seconds"] !== undefined)
})

const status = whole(400, 599)

const queryFields: Readonly<Record<QueryFaultName, Checks>> = {
  ...byDelivery,
  status: {
    status,
    body: oneOf(["json", "html", "empty"]),
    retryAfter: retryAfter(["seconds", "date", "body"]),
    ...perRequest
  },
  business: { code: textOrNumber, retryAfter: whole(0), ...perRequest },
  "invalid-json": perRequest,
  "wrong-shape": {
    as: oneOf(["array", "string", "number", "boolean", "null", "nested"]),
    ...perRequest
  },
  empty: perRequest,
  html: perRequest,
  huge: { megabytes: positive, framing: oneOf(["length", "chunked"]), ...perRequest },
  lag: perPoll,
  "unknown-word": { word: text, ...perPoll },
  "status-back": { to: oneOf(["queued", "running"]), ...perPoll },
  "progress-back": {
    progress: {
      expected: "a number from 0 up to 1",
      holds: (value) => typeof value === "number" && value >= 0 && value < 1
    },
    ...perPoll
  },
  "no-output": perPoll
}

const mediaFields: Readonly<Record<MediaFaultName, Checks>> = {
  ...byDelivery,
  status: {
    status,
    body: oneOf(["xml", "html", "json", "empty"]),
    retryAfter: retryAfter(["seconds", "date"]),
    ...perRequest
  },
  html: perRequest,
  json: perRequest,
  empty: perRequest,
  "ignored-range": perRequest,
  "other-range": { from: whole(0), ...perRequest },
  unsatisfiable: perRequest,
  changed: { revision: whole(1, 2 ** 32 - 1), ...perRequest },
  "no-validators": perRequest,
  "weak-etag": perRequest,
  "wrong-type": { contentType: headerText, ...perRequest }
}

const linkTargets = ["file", "itself", "elsewhere"]

const linkFields: Readonly<Record<LinkFaultName, Checks>> = {
  relative: { queries: times },
  wrapped: { in: oneOf(["blanks", "backticks", "both"]), queries: times },
  elsewhere: { queries: times },
  replaced: { by: anyText, queries: times },
  redirected: {
    hops: whole(1),
    status: oneOf([301, 302, 303, 307, 308]),
    to: {
      expected: `one of ${quoted(linkTargets)}, or a URL`,
      holds: (value) => isHeaderValue(value) && (linkTargets.includes(value) || /^[^\s:]+:\S*$/.test(value))
    },
    queries: times
  },
  expired: { queries: times },
  forbidden: { requests: times, queries: times }
}

/** Options without which a fault says nothing. */
const required: Readonly<Record<string, string>> = {
  delay: "ms",
  "wrong-length": "by",
  slow: "bytesPerSecond",
  status: "status",
  huge: "megabytes",
  replaced: "by"
}

interface FaultList {
  /** The option that names a fault. */
  readonly key: "fault" | "link"
  readonly fields: Readonly<Record<string, Checks>>
}

/** The lists of faults that a script can have. */
const lists = {
  faults: { key: "fault", fields: queryFields },
  mediaFaults: { key: "fault", fields: mediaFields },
  links: { key: "link", fields: linkFields }
} as const satisfies Record<string, FaultList>

/** A field of a script that is a list of faults. */
export type FaultField = keyof typeof lists

const problemWithFault = (place: string, value: unknown, { key, fields }: FaultList): string | undefined => {
  if (!isRecord(value)) return `A task's "${place}" must be an object, and not ${shown(value)}.`
  const { [key]: name, ...options } = value
  const names = oneOf(Object.keys(fields))
  if (typeof name !== "string" || !names.holds(name)) {
    return `A task's "${place}.${key}" must be ${names.expected}, and not ${shown(name)}.`
  }
  const checks = fields[name] ?? {}
  const needed = Object.hasOwn(required, name) ? required[name] : undefined
  const given = needed === undefined ? options : { [needed]: null, ...options }
  for (const [option, chosen] of Object.entries(given)) {
    const check = ownCheck(checks, option)
    if (check === undefined) {
      return `A task's "${place}" has no option "${option}": the options of "${name}" are ${quoted(Object.keys(checks))}.`
    }
    if (chosen !== undefined && !check.holds(chosen)) {
      return `A task's "${place}.${option}" must be ${check.expected}, and not ${shown(chosen)}.`
    }
  }
  return undefined
}

/** What is wrong with a list of faults, in one sentence; undefined when nothing is. */
export const problemWithFaults = (field: FaultField, value: unknown): string | undefined => {
  if (!Array.isArray(value)) return `A task's "${field}" must be a list of faults, and not ${shown(value)}.`
  for (const [index, fault] of value.entries()) {
    const problem = problemWithFault(`${field}[${index}]`, fault, lists[field])
    if (problem !== undefined) return problem
  }
  return undefined
}
