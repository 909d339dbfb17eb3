import { durationOption } from "../account/durationOption.ts"
import { invalidOption } from "../account/invalidOption.ts"
import { countOption, maxBytesOption } from "../account/numberOption.ts"
import type { EngineOptions } from "./ClientOptions.ts"

/** Parses the options that need it. @throws {ConfigurationError} If one is invalid. */
export const parseEngineOptions = (options: EngineOptions) => {
  const { providers, notFound, unexpectedResponse, requestTimeout, maxResponseBytes } = options
  if (!Array.isArray(providers)) {
    throw invalidOption(
      "providers",
      "Invalid providers: expected a list of accounts, such as [jimmy({ apiKey })]."
    )
  }
  return {
    limits: {
      timeoutMs: durationOption("requestTimeout", requestTimeout ?? 30_000),
      maxBytes: maxBytesOption("maxResponseBytes", maxResponseBytes ?? 64 * 1024 * 1024)
    },
    notFound: {
      times: countOption("notFound.times", notFound?.times ?? 3, 1),
      graceMs: durationOption("notFound.grace", notFound?.grace ?? 30_000)
    },
    unexpected: {
      times: countOption("unexpectedResponse.times", unexpectedResponse?.times ?? 10, 1),
      graceMs: durationOption("unexpectedResponse.grace", unexpectedResponse?.grace ?? 600_000)
    }
  }
}
