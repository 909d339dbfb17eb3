import { ConfigurationError } from "./ConfigurationError.ts"

/** Returns the error for an option or argument that the compiler would have rejected, or that cannot be parsed. */
export const invalidOption = (option: string, message: string): ConfigurationError =>
  new ConfigurationError({ reason: { _tag: "InvalidOption", option }, message })

const describe = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value)
  if (typeof value === "function") return "a function"
  if (Array.isArray(value)) return "a list"
  return typeof value === "object" && value !== null ? "an object" : String(value)
}

/**
 * Returns the error for the invalid value of an option.
 *
 * @param expected What the value must be, as the object of "Use …".
 */
export const invalidValue = (option: string, value: unknown, expected: string): ConfigurationError =>
  invalidOption(option, `Invalid ${option}: ${describe(value)}. Use ${expected}.`)
