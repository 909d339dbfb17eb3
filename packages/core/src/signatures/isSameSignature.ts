import { timingSafeEqual } from "node:crypto"

/**
 * Compares two signatures in a time that does not depend on where they differ.
 *
 * ```ts
 * const expected = createHmac("sha256", secret).update(text).digest("hex")
 * return isSameSignature(headers["x-acme-signature"], expected)
 * ```
 *
 * @param received The signature of the request. An absent one is not the same.
 * @param expected The signature that the request must have.
 */
export const isSameSignature = (received: string | undefined, expected: string): boolean => {
  const [a, b] = [Buffer.from(received ?? ""), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
