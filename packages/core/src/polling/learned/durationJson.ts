import { DurationMap } from "./DurationMap.ts"
import type { Observation } from "./Hazard.ts"

/** The version of the file format. */
const version = 1

const about =
  "Durations of past tasks by account, host and model. gentask uses them to time its polls. This file may be deleted."

/** An observation in the file; the last number is 1 if the task ended. */
type ObservationJson = readonly [from: number, until: number, ended: 0 | 1]

const round = (value: number, decimals: number): number => Number(value.toFixed(decimals))

const encode = (observations: ReadonlyArray<Observation>, decimals: number): ReadonlyArray<ObservationJson> =>
  observations.map(({ from, until, ended }) => [round(from, decimals), round(until, decimals), ended ? 1 : 0])

const decode = (json: unknown): ReadonlyArray<Observation> =>
  Array.isArray(json)
    ? json.flatMap((item: unknown) => {
        if (!Array.isArray(item)) return []
        const [from, until, ended] = item as ReadonlyArray<unknown>
        return typeof from === "number" && typeof until === "number"
          ? [{ from, until, ended: ended === 1 }]
          : []
      })
    : []

/** Formats durations as JSON: ages as whole milliseconds, shares with four decimals. */
export const formatDurations = (durations: DurationMap): string =>
  `${JSON.stringify({
    version,
    about,
    groups: Object.fromEntries(
      durations
        .entries()
        .map(([key, { ages, shares }]) => [key, { ages: encode(ages, 0), shares: encode(shares, 4) }])
    )
  })}\n`

/**
 * Parses the content of a file. Invalid parts are left out.
 *
 * @returns Undefined if the file has another version.
 */
export const parseDurations = (text: string | undefined): DurationMap | undefined => {
  const durations = new DurationMap()
  let json: { readonly version?: unknown; readonly groups?: unknown } | null
  try {
    json = JSON.parse(text ?? "null") as typeof json
  } catch {
    return durations
  }
  if (typeof json?.version === "number" && json.version !== version) return undefined
  for (const [key, value] of Object.entries(json?.groups ?? {}) as ReadonlyArray<[string, unknown]>) {
    const group = (value ?? {}) as { readonly ages?: unknown; readonly shares?: unknown }
    const [ages, shares] = [decode(group.ages), decode(group.shares)]
    if (ages.length + shares.length > 0) durations.add(key, { ages, shares })
  }
  return durations
}
