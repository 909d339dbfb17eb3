/** Lengths of time, as people write and read them. */

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const whole = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/
const part = /(\d+(?:\.\d+)?)(ms|[smhd])/g

/** What a length of time looks like, for help and error messages. */
export const durationExamples = "10m, 90s, 1h30m, 500ms, or a plain number of seconds"

/** Reads a length of time as milliseconds; undefined when it is none. */
export const parseDuration = (text: string): number | undefined => {
  const trimmed = text.trim()
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000
  if (!whole.test(trimmed)) return undefined
  return Array.from(trimmed.matchAll(part)).reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (units[unit] ?? 0),
    0
  )
}

/** Tells a length of time in its two largest units: `850 ms`, `4 s`, `1 m 30 s`, `2 d 23 h`. */
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
