import { createHash } from "node:crypto"

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortKeys(member)])
  )
}

/** Returns the SHA-256 digest of a request, which does not depend on the order of its members. */
export const digestRequest = (request: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(sortKeys(request)))
    .digest("hex")
