const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

const month = `(?<month>${months.join("|")})`
const time = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`

/** The three forms of RFC 9110, section 5.6.7: that of RFC 5322, that of RFC 850, and that of C's `asctime`. */
const forms = [
  String.raw`[a-z]{3},\s+(?<day>\d\d?)\s+${month}\s+(?<year>\d{4})\s+${time}\s+(?:gmt|utc)`,
  String.raw`[a-z]{6,9},\s+(?<day>\d\d?)-${month}-(?<year>\d\d)\s+${time}\s+(?:gmt|utc)`,
  String.raw`[a-z]{3}\s+${month}\s+(?<day>\d\d?)\s+${time}\s+(?<year>\d{4})`
].map((form) => new RegExp(`^${form}$`, "i"))

/** Completes a year of two digits. One that is more than 50 years ahead is in the past (RFC 9110, section 5.6.7). */
const completeYear = (year: string, now: number): number => {
  if (year.length === 4) return Number(year)
  const thisYear = new Date(now).getUTCFullYear()
  const candidate = thisYear - (thisYear % 100) + Number(year)
  return candidate > thisYear + 50 ? candidate - 100 : candidate
}

/**
 * Parses a date in one of the three forms that HTTP allows.
 *
 * ```ts
 * parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT", Date.now()) // 784111777000
 * ```
 *
 * @param now The current time, to complete years of two digits, in milliseconds since 1970.
 * @returns Milliseconds since 1970, or undefined if the text is not such a date.
 */
export const parseHttpDate = (text: string, now: number): number | undefined => {
  const parts = forms.map((form) => form.exec(text.trim())?.groups).find((groups) => groups !== undefined)
  if (parts === undefined) return undefined
  const { day = "", month = "", year = "" } = parts
  const [hour, minute, second] = [Number(parts["hour"]), Number(parts["minute"]), Number(parts["second"])]
  const midnight = Date.UTC(completeYear(year, now), months.indexOf(month.toLowerCase()), Number(day))
  // A day that the month does not have would be one of the next month.
  if (new Date(midnight).getUTCDate() !== Number(day)) return undefined
  if (hour > 23 || minute > 59 || second > 60) return undefined
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000
}
