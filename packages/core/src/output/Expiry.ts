/** When a signed link dies, read from the link itself. */

/** Instants outside of this range are a vendor's mistake, not a time. */
const earliest = Date.UTC(2000, 0, 1)
const latest = Date.UTC(2100, 0, 1)

/** Tells whether an instant, in milliseconds since 1970, can be one of a media task. */
export const isPossibleInstant = (milliseconds: number): boolean =>
  Number.isFinite(milliseconds) && milliseconds >= earliest && milliseconds < latest

/** `20251012T150421Z`, as request signatures write instants. */
const compact = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/

const readDate = (text: string): number => {
  const [, year, month, day, hour, minute, second] = compact.exec(text) ?? []
  return Date.parse(year === undefined ? text : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** Seconds or milliseconds since 1970, or a date. */
const readInstant = (text: string): number => {
  if (!/^\d+$/.test(text)) return readDate(text)
  const number = Number(text)
  return number < 1e12 ? number * 1000 : number
}

const read = (parameters: ReadonlyMap<string, string>): number => {
  // S3, Google Cloud Storage, Volcengine TOS and Alibaba OSS: `X-Amz-Date` and `X-Amz-Expires`, and so on.
  for (const [name, lifetime] of parameters) {
    const vendor = /^x-(amz|goog|tos|oss)-expires$/.exec(name)?.[1]
    const signed = vendor === undefined ? undefined : parameters.get(`x-${vendor}-date`)
    if (signed !== undefined) return readDate(signed) + Number(lifetime) * 1000
  }
  // Azure: `se`, meaningful only beside the signature.
  const azure = parameters.has("sig") ? parameters.get("se") : undefined
  const absolute = azure ?? parameters.get("x-expires") ?? parameters.get("expires")
  return absolute === undefined ? Number.NaN : readInstant(absolute)
}

/**
 * Reads when a signed link dies: Azure's `se`, the `X-…-Date` and `X-…-Expires` of S3, Google, TOS and OSS,
 * `x-expires` and `Expires`. Null where the link does not say, or says something impossible.
 */
export const fromUrl = (url: URL): Date | null => {
  if (url.search === "") return null
  const parameters = new Map<string, string>()
  for (const [name, value] of url.searchParams) parameters.set(name.toLowerCase(), value)
  const expiry = read(parameters)
  return isPossibleInstant(expiry) ? new Date(expiry) : null
}
