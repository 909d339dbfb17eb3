import { parseDuration } from "@gentask/core/internal"

/** Examples of durations, for help and error messages. */
export const durationExamples = "10m, 90s, 1h30m, 500ms, or a plain number of seconds"

/**
 * Parses a duration of the command line or a configuration file. A plain number is in seconds.
 *
 * @returns The duration in milliseconds, or undefined if the text is not a valid duration.
 */
export const parseDurationOrSeconds = (text: string): number | undefined =>
  /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) * 1000 : parseDuration(text)

/** Formats a duration in its two largest units: `850 ms`, `4 s`, `1 m 30 s`, `2 d 23 h`. */
export const formatDuration = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`
  const seconds = Math.floor(milliseconds / 1000)
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60
  ]
  if (days > 0) return `${days} d${hours > 0 ? ` ${hours} h` : ""}`
  if (hours > 0) return `${hours} h${minutes > 0 ? ` ${minutes} m` : ""}`
  if (minutes > 0) return `${minutes} m${seconds % 60 > 0 ? ` ${seconds % 60} s` : ""}`
  return `${seconds} s`
}
