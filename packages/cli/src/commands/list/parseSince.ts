import { parseDurationOrSeconds } from "../../duration.ts"

/** Parses an age or a date. Undefined if the text is neither. */
export const parseSince = (text: string, now: number): Date | undefined => {
  const age = parseDurationOrSeconds(text)
  if (age !== undefined) return new Date(now - age)
  const date = new Date(/^\d{4}-\d{2}-\d{2}/.test(text) ? text : "")
  return Number.isNaN(date.getTime()) ? undefined : date
}
