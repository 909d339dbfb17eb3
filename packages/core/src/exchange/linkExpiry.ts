import { parseInstant, toDate } from "./parseInstant.ts"

// S3, Google Cloud Storage, Volcengine TOS and Alibaba OSS sign a date and a lifetime in seconds, such as `X-Amz-Date`
// and `X-Amz-Expires`.
const lifetimeParameter = /[?&]x-(?:amz|goog|tos|oss)-expires=([^&]*)/i
const signedAtParameter = /[?&]x-(?:amz|goog|tos|oss)-date=([^&]*)/i
// Azure signs an expiry date in `se`. The name is too short to mean anything without the signature in `sig`.
const azureParameter = /[?&]se=([^&]*)/i
const azureSignature = /[?&]sig=/i
const expiresParameter = /[?&](?:x-)?expires=([^&]*)/i

const readParameter = (search: string, parameter: RegExp): string | undefined => {
  const value = parameter.exec(search)?.[1]
  return value === undefined || !/[%+]/.test(value)
    ? value
    : (new URLSearchParams(`value=${value}`).get("value") ?? undefined)
}

/**
 * Reads when a signed link expires from its query parameters: Azure's `se`, the `X-…-Date` and `X-…-Expires` of S3,
 * Google Cloud Storage, TOS and OSS, `x-expires` or `Expires`.
 *
 * @returns The date, or null if the link has no such parameters or their values are invalid.
 */
export const linkExpiry = ({ search }: URL): Date | null => {
  if (search === "") return null
  const lifetime = readParameter(search, lifetimeParameter)
  const signedAt = lifetime === undefined ? undefined : readParameter(search, signedAtParameter)
  if (signedAt !== undefined) {
    const start = parseInstant(signedAt)
    return start === null ? null : toDate(start.getTime() + Number(lifetime) * 1000)
  }
  const azureExpiry = azureSignature.test(search) ? readParameter(search, azureParameter) : undefined
  const expiry = azureExpiry ?? readParameter(search, expiresParameter)
  return expiry === undefined ? null : parseInstant(expiry)
}
