import { createHash } from "node:crypto"

/** The order of members has no meaning. */
const sortMembers = (value: unknown): unknown =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))

const same = (value: unknown): unknown => value

/**
 * Returns the SHA-256 digest of a value as JSON, in hexadecimal. It does not depend on the order of members.
 *
 * @param replace Replaces values before they are converted.
 */
export const digestJson = (value: unknown, replace: (value: unknown) => unknown = same): string =>
  createHash("sha256")
    .update(JSON.stringify(value, (_, member: unknown) => sortMembers(replace(member))))
    .digest("hex")
