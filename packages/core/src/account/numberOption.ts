import { invalidValue } from "./invalidOption.ts"

/**
 * Checks an option that is a number. Throws a `ConfigurationError` if it is invalid.
 *
 * @param expected What the number must be, as the object of "Use …".
 */
export const numberOption = (
  name: string,
  value: unknown,
  isValid: (value: number) => boolean,
  expected: string
): number => {
  if (typeof value === "number" && isValid(value)) return value
  throw invalidValue(name, value, expected)
}

/** Checks an option that is a number of times: an integer of at least `min`, or infinity. */
export const countOption = (name: string, value: unknown, min: number): number =>
  numberOption(
    name,
    value,
    (count) => count >= min && (Number.isInteger(count) || count === Infinity),
    `an integer of at least ${min}`
  )

/** Checks an option that is a maximum size in bytes. */
export const maxBytesOption = (name: string, value: unknown): number =>
  numberOption(name, value, (bytes) => bytes > 0, "a number of bytes above 0")
