import type { ProviderSpec } from "@gentask/core"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** Where a provider comes from. */
export interface ProviderSource {
  readonly kind: "bundled" | "project" | "configuration"
  /** The package to import. Null for a file. */
  readonly package: string | null
  /**
   * The absolute path of its folder or file, or of the file that names it. Null for a bundled provider, and for a package
   * that is not installed.
   */
  readonly path: string | null
}

/** Why a provider cannot be used. `message` says in complete sentences what is wrong and what to do. */
export class UnusableProvider extends Data.TaggedError("UnusableProvider")<{ readonly message: string }> {}

/** A provider that has been discovered, but not imported. */
export interface DiscoveredProvider {
  /** Null if the package does not name its provider. */
  readonly id: string | null
  /** The version of its package. */
  readonly version: string | null
  readonly source: ProviderSource
  /** Why it cannot be used, as far as that is known without importing it. */
  readonly problem: string | undefined
  /** Imports and validates the provider. Fails if there is a problem. */
  readonly load: Effect.Effect<ProviderSpec, UnusableProvider>
}

/** Creates a provider that cannot be used. */
export const unusableProvider = (
  provider: Pick<DiscoveredProvider, "id" | "version" | "source">,
  problem: string
): DiscoveredProvider => ({
  ...provider,
  problem,
  load: Effect.fail(new UnusableProvider({ message: problem }))
})
