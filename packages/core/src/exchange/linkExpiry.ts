/** When a signed link dies, read from the link itself. */

/** Instants outside of this range are a vendor's mistake, not a time. */
const earliest = Date.UTC(2000, 0, 1)
const latest = Date.UTC(2100, 0, 1)

/** Tells whether an instant, in milliseconds since 1970, can be one of a media task. */
export const isPossibleInstant = (milliseconds: number): boolean =>
  Number.isFinite(milliseconds) && milliseconds >= earliest && milliseconds < latest

/** `20251012T150421Z`, as request signatures write instants. */
const compact = /^\d{8}T\d{6}Z$/

const readDate = (text: string): number =>
  Date.parse(
    compact.test(text)
      ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 11)}:${text.slice(11, 13)}:${text.slice(13)}`
      : text
  )

/** Seconds or milliseconds since 1970, or a date. */
const readInstant = (text: string): number => {
  if (!/^\d+$/.test(text)) return readDate(text)
  const number = Number(text)
  return number < 1e12 ? number * 1000 : number
}

// S3, Google Cloud Storage, Volcengine TOS and Alibaba OSS: `X-Amz-Date` and `X-Amz-Expires`, and so on.
const lifetime = /[?&]x-(?:amz|goog|tos|oss)-expires=([^&]*)/i
const signing = /[?&]x-(?:amz|goog|tos|oss)-date=([^&]*)/i
// Azure: `se`, meaningful only beside the signature.
const azure = /[?&]se=([^&]*)/i
const signature = /[?&]sig=/i
const absolute = /[?&](?:x-)?expires=([^&]*)/i

/** The value of a parameter, decoded; undefined where there is none. */
const find = (search: string, parameter: RegExp): string | undefined => {
  const value = parameter.exec(search)?.[1]
  return value === undefined || !/[%+]/.test(value)
    ? value
    : (new URLSearchParams(`value=${value}`).get("value") ?? undefined)
}

const read = (search: string): number => {
  const seconds = find(search, lifetime)
  const signed = seconds === undefined ? undefined : find(search, signing)
  if (signed !== undefined) return readDate(signed) + Number(seconds) * 1000
  const expiry = (signature.test(search) ? find(search, azure) : undefined) ?? find(search, absolute)
  return expiry === undefined ? Number.NaN : readInstant(expiry)
}

/**
 * Reads when a signed link dies: Azure's `se`, the `X-…-Date` and `X-…-Expires` of S3, Google, TOS and OSS,
 * `x-expires` and `Expires`. Null where the link does not say, or says something impossible.
 */
export const fromUrl = (url: URL): Date | null => {
  if (url.search === "") return null
  const expiry = read(url.search)
  return isPossibleInstant(expiry) ? new Date(expiry) : null
}
