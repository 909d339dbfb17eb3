import type { ProviderAccount, ProviderSpec } from "@gentask/core"
import * as Effect from "effect/Effect"
import type { Configuration } from "../config/loadConfiguration.ts"
import { configuredAccounts } from "./configuredAccounts.ts"

/** Loads all providers that can be used. */
export const usableProviders = ({ catalog }: Configuration): Effect.Effect<ReadonlyArray<ProviderSpec>> =>
  Effect.map(
    Effect.forEach(
      catalog.all,
      ({ load }) => Effect.match(load, { onSuccess: (spec) => [spec], onFailure: () => [] }),
      { concurrency: "unbounded" }
    ),
    (specs) => specs.flat()
  )

/** Returns the accounts of all providers that have an API key, or need none. */
export const accountsWithKeys = (
  configuration: Configuration
): Effect.Effect<ReadonlyArray<ProviderAccount>> =>
  Effect.map(usableProviders(configuration), (specs) =>
    specs
      .flatMap((spec) => configuredAccounts(spec, configuration))
      .filter(({ spec, apiKey }) => apiKey !== undefined || spec.apiKey === "none")
  )
