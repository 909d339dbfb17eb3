import { valueAt } from "./valueAt.ts"

/**
 * Returns the number at a path of a JSON value. A number may be written as text.
 *
 * ```ts
 * numberAt({ queue: { position: 3 } }, "queue.position") // 3
 * numberAt({ amount: "1.50" }, "amount") // 1.5
 * ```
 *
 * @param value A JSON value.
 * @param path A dotted path. Numbers are indexes of arrays.
 * @returns Undefined if there is no finite number.
 */
export const numberAt = (value: unknown, path: string): number | undefined => {
  const found = valueAt(value, path)
  const number = typeof found === "string" && found.trim() !== "" ? Number(found) : found
  return typeof number === "number" && Number.isFinite(number) ? number : undefined
}
