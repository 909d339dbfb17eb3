import { bounded, parseWait, serverTime } from "./retryAfter.ts"

/** One rate limit as a response reports it. */
interface ReportedLimit {
  readonly remaining: string | undefined
  readonly reset: string | undefined
}

/** Larger numbers are instants rather than durations: seconds since 1970, and from the second limit on milliseconds. */
const minEpochSeconds = 1e9
const minEpochMs = 1e11

/** Splits a list at the commas that are not in quotes. A list with an unclosed quote is empty. */
const splitList = (header: string): ReadonlyArray<string> => {
  const isClosed = header.split('"').length % 2 === 1
  return isClosed ? (header.match(/(?:"[^"]*"|[^,"])+/g) ?? []) : []
}

/** Parses the parameters of an item, such as `;r=0;t=12`. */
const parseParameters = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from(text.matchAll(/;\s*([a-z]+)\s*=\s*([^\s;]+)/gi), ([, name = "", value = ""]) => [
      name.toLowerCase(),
      value
    ])
  )

/** Parses items with parameters, such as `"default";r=0;t=12`, by their names. */
const parseItems = (header: string): ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> =>
  splitList(header).flatMap((item) => {
    const [, quoted, token, parameters] = /^\s*(?:"([^"]*)"|([^\s;="]+))\s*(;.*)$/.exec(item) ?? []
    return parameters === undefined ? [] : [[quoted ?? token ?? "", parseParameters(parameters)] as const]
  })

/**
 * Parses the header `ratelimit` as in the IETF's drafts since the eighth one: `"default";r=0;t=12`. A limit that does
 * not say when it is reset is reset after its window at the latest: see `ratelimit-policy`.
 */
const parseStructured = (header: string, policy: string | undefined): ReadonlyArray<ReportedLimit> => {
  const policies = new Map(parseItems(policy ?? ""))
  return parseItems(header).map(([name, { r, t }]) => ({
    remaining: r,
    reset: t ?? policies.get(name)?.["w"]
  }))
}

const remainingMember = /\bremaining\s*=\s*([^\s,;]+)/gi
const resetMember = /\breset\s*=\s*([^\s,;]+)/gi

/** Parses the header `ratelimit` as in the earlier drafts: `limit=10, remaining=0, reset=12`, possibly repeated. */
const parseDictionary = (header: string): ReadonlyArray<ReportedLimit> => {
  const resets = Array.from(header.matchAll(resetMember), ([, value]) => value)
  return Array.from(header.matchAll(remainingMember), ([, remaining], index) => ({
    remaining,
    reset: resets[index]
  }))
}

/** The prefixes and suffixes of a header of its own for each value. The suffix is that of OpenAI. */
const fieldNames = ["ratelimit-", "x-ratelimit-", "x-rate-limit-"].flatMap((prefix) =>
  ["", "-requests"].map((suffix) => [`${prefix}remaining${suffix}`, `${prefix}reset${suffix}`] as const)
)

/** Pairs the values of two headers that may both be repeated. */
const pair = (remaining: string, reset: string | undefined): ReadonlyArray<ReportedLimit> => {
  const resets = reset?.split(",") ?? []
  return remaining.split(",").map((value, index) => ({ remaining: value, reset: resets[index] ?? resets[0] }))
}

const parseReset = (reset: string, now: number): number | undefined => {
  const number = /^\s*\d+(\.\d+)?\s*$/.test(reset) ? Number(reset) : 0
  if (number < minEpochSeconds) return parseWait(reset)
  return bounded(Math.max(0, (number < minEpochMs ? number * 1000 : number) - now))
}

/** Most responses report no limit. */
const hasLimits = (headers: Readonly<Record<string, string>>): boolean => {
  for (const name in headers) if (name.startsWith("rate") || name.startsWith("x-rate")) return true
  return false
}

const isUsedUp = ({ remaining }: ReportedLimit): boolean => /^\s*0+\s*$/.test(remaining ?? "")

/**
 * Returns how long it takes until requests are permitted again after a response that reports that a rate limit is used
 * up. Reads the headers `ratelimit` and `ratelimit-policy` of the IETF's drafts, and the common
 * `ratelimit-remaining`, `x-ratelimit-remaining` and `x-rate-limit-remaining` with their `…-reset`: a number of seconds,
 * seconds or milliseconds since 1970, or a duration such as `6m0s`. Of several limits, the longest wait counts.
 *
 * ```ts
 * rateLimitReset({ ratelimit: '"default";r=0;t=12' }, Date.now()) // 12000
 * ```
 *
 * @param headers Header names are in lower case.
 * @param nowMs When the response arrived, in milliseconds since 1970.
 * @returns The time in milliseconds, at most one day. Undefined if no limit is used up, or its reset is unknown.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export const rateLimitReset = (
  headers: Readonly<Record<string, string>>,
  nowMs: number
): number | undefined => {
  if (!hasLimits(headers)) return undefined
  const { ratelimit, "ratelimit-policy": policy } = headers
  const limits: Array<ReportedLimit> = []
  if (ratelimit !== undefined)
    limits.push(...parseStructured(ratelimit, policy), ...parseDictionary(ratelimit))
  for (const [remainingName, resetName] of fieldNames) {
    const remaining = headers[remainingName]
    if (remaining !== undefined) limits.push(...pair(remaining, headers[resetName]))
  }
  let waitMs = 0
  for (const limit of limits) {
    if (!isUsedUp(limit) || limit.reset === undefined) continue
    waitMs = Math.max(waitMs, parseReset(limit.reset, serverTime(headers, nowMs)) ?? 0)
  }
  return waitMs > 0 ? waitMs : undefined
}
