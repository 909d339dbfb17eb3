/** The providers that this command line holds; each is loaded only when a task of it is asked about. */
import type { ProviderSpec } from "@gentask/core"
import aigptimage from "@gentask/provider-aigptimage/package.json" with { type: "json" }
import jimeng from "@gentask/provider-jimeng/package.json" with { type: "json" }
import jimmy from "@gentask/provider-jimmy/package.json" with { type: "json" }
import sora from "@gentask/provider-sora/package.json" with { type: "json" }
import * as Effect from "effect/Effect"
import type { FoundProvider } from "./FoundProvider.ts"

interface Bundled {
  /** What its package.json holds. */
  readonly manifest: {
    readonly name: string
    readonly version: string
    readonly gentask: { readonly provider: string }
  }
  readonly load: () => Promise<{ readonly default: ProviderSpec }>
}

/** In the order in which they are shown. */
const packages: ReadonlyArray<Bundled> = [
  { manifest: jimmy, load: () => import("@gentask/provider-jimmy") },
  { manifest: sora, load: () => import("@gentask/provider-sora") },
  { manifest: jimeng, load: () => import("@gentask/provider-jimeng") },
  { manifest: aigptimage, load: () => import("@gentask/provider-aigptimage") }
]

/** The providers. */
export const bundled: ReadonlyArray<FoundProvider> = packages.map(({ manifest, load }) => ({
  id: manifest.gentask.provider,
  version: manifest.version,
  source: { kind: "bundled", package: manifest.name, path: null },
  problem: undefined,
  load: Effect.map(Effect.promise(load), (module) => module.default)
}))

/** Their ids. */
export const bundledIds: ReadonlyArray<string> = packages.map(({ manifest }) => manifest.gentask.provider)
