import * as Effect from "effect/Effect"
import { bundledPackages } from "./bundledPackages.ts"
import type { DiscoveredProvider } from "./DiscoveredProvider.ts"

/** The providers that are part of the command line. Each is loaded on first use. */
export const bundledProviders: ReadonlyArray<DiscoveredProvider> = bundledPackages.map(
  ({ manifest, load }) => ({
    id: manifest.gentask.provider,
    version: manifest.version,
    source: { kind: "bundled", package: manifest.name, path: null },
    problem: undefined,
    load: Effect.map(Effect.promise(load), (module) => module.default)
  })
)

export const bundledProviderIds: ReadonlyArray<string> = bundledPackages.map(
  ({ manifest }) => manifest.gentask.provider
)
