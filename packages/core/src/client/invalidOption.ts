import { ConfigurationError } from "../account/ConfigurationError.ts"

/** Returns the error for an option or argument that the compiler would have rejected, or that cannot be parsed. */
export const invalidOption = (option: string, message: string): ConfigurationError =>
  new ConfigurationError({ reason: { _tag: "InvalidOption", option }, message })
