import { valueAt } from "./valueAt.ts"

/**
 * Returns the list at a path of a JSON value.
 *
 * ```ts
 * listAt({ data: { images: ["https://…"] } }, "data.images") // ["https://…"]
 * listAt({ data: null }, "data.images") // []
 * ```
 *
 * @param value A JSON value.
 * @param path A dotted path. Numbers are indexes of arrays.
 * @returns An empty list if the value at the path is not a list.
 */
export const listAt = (value: unknown, path: string): ReadonlyArray<unknown> => {
  const found = valueAt(value, path)
  return Array.isArray(found) ? found : []
}
