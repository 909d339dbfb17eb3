/** The filters of the list of tasks. */
import type { TaskStatus } from "@gentask/core"
import * as Schema from "effect/Schema"
import { patternText } from "./routeParts.ts"

/** The keys of an object, so that the compiler finds a missing one. */
const statuses = Object.keys({
  queued: true,
  running: true,
  succeeded: true,
  failed: true,
  canceled: true,
  expired: true,
  unknown: true
} satisfies Record<TaskStatus, true>)

const anyStatus = `(?:${statuses.join("|")})`

/** One or several statuses. */
export const statusFilter = patternText(
  new RegExp(`^${anyStatus}(?: ?, ?${anyStatus}){0,20}$`),
  `one or several of ${statuses.join(", ")}, separated by commas`,
  "One or several statuses, separated by commas."
)

const instantPattern = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** Checks an instant. `Date` accepts other formats, and days such as February 31. */
const isInstant = (text: string): boolean => {
  const day = Date.parse(instantPattern.exec(text)?.[1] ?? "")
  return (
    !Number.isNaN(Date.parse(text)) &&
    !Number.isNaN(day) &&
    text.startsWith(new Date(day).toISOString().slice(0, 10))
  )
}

/** The earliest time at which tasks were added. */
export const sinceFilter = Schema.optionalKey(
  Schema.String.check(
    Schema.makeFilter((text) =>
      isInstant(text) ? undefined : "Expected an instant in ISO 8601, such as 2026-01-31T12:00:00Z."
    )
  ).annotate({ format: "date-time", description: "Only tasks added since then." })
)
