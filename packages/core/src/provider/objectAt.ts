import { isJsonObject } from "./jsonObject.ts"
import type { JsonObject } from "./jsonObject.ts"
import { valueAt } from "./valueAt.ts"

/**
 * Returns the object at a path of a JSON value.
 *
 * ```ts
 * const task = objectAt(body, "data") ?? body
 * ```
 *
 * @param value A JSON value.
 * @param path A dotted path. Numbers are indexes of arrays.
 * @returns Undefined if there is no object. Arrays do not count.
 */
export const objectAt = (value: unknown, path: string): JsonObject | undefined => {
  const found = valueAt(value, path)
  return isJsonObject(found) ? found : undefined
}
