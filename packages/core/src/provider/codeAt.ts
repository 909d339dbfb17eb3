import { valueAt } from "./valueAt.ts"

/**
 * Returns the code at a path of a JSON value as text. Vendors write codes as numbers or as text.
 *
 * ```ts
 * codeAt({ code: 1004 }, "code") // "1004"
 * codeAt({ code: " 1004 " }, "code") // "1004"
 * codeAt({ code: null }, "code") // undefined
 * ```
 *
 * @param value A JSON value.
 * @param path A dotted path. Numbers are indexes of arrays.
 * @returns Undefined if there is neither a number nor a text that is not blank.
 */
export const codeAt = (value: unknown, path: string): string | undefined => {
  const found = valueAt(value, path)
  return typeof found === "number" || typeof found === "string"
    ? String(found).trim() || undefined
    : undefined
}
