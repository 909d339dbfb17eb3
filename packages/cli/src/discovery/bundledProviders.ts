import type { ProviderSpec } from "@gentask/core"
import aigptimage from "@gentask/provider-aigptimage/package.json" with { type: "json" }
import jimeng from "@gentask/provider-jimeng/package.json" with { type: "json" }
import jimmy from "@gentask/provider-jimmy/package.json" with { type: "json" }
import sora from "@gentask/provider-sora/package.json" with { type: "json" }
import * as Effect from "effect/Effect"
import type { DiscoveredProvider } from "./DiscoveredProvider.ts"

interface BundledPackage {
  /** The content of its package.json. */
  readonly manifest: {
    readonly name: string
    readonly version: string
    readonly gentask: { readonly provider: string }
  }
  readonly load: () => Promise<{ readonly default: ProviderSpec }>
}

/** In display order. */
const packages: ReadonlyArray<BundledPackage> = [
  { manifest: jimmy, load: () => import("@gentask/provider-jimmy") },
  { manifest: sora, load: () => import("@gentask/provider-sora") },
  { manifest: jimeng, load: () => import("@gentask/provider-jimeng") },
  { manifest: aigptimage, load: () => import("@gentask/provider-aigptimage") }
]

/** The providers that are part of the command line. Each is loaded on first use. */
export const bundledProviders: ReadonlyArray<DiscoveredProvider> = packages.map(({ manifest, load }) => ({
  id: manifest.gentask.provider,
  version: manifest.version,
  source: { kind: "bundled", package: manifest.name, path: null },
  problem: undefined,
  load: Effect.map(Effect.promise(load), (module) => module.default)
}))

export const bundledProviderIds: ReadonlyArray<string> = packages.map(
  ({ manifest }) => manifest.gentask.provider
)
