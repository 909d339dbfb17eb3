/** A provider that was found, before anything of it is imported. */
import type { ProviderSpec } from "@gentask/core"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** Where a provider comes from. */
export interface Source {
  readonly kind: "bundled" | "project" | "configuration"
  /** The package that is imported; null for a file. */
  readonly package: string | null
  /** The absolute path of its folder or file, or of the file that tells of it; null where there is none. */
  readonly path: string | null
}

/** Why a provider cannot be used: `message` says what, why and what to do, in whole sentences. */
export class UnusableProvider extends Data.TaggedError("UnusableProvider")<{ readonly message: string }> {}

/** What is known of a provider without running its code. */
export interface FoundProvider {
  /** Null where what was found does not say so. */
  readonly id: string | null
  /** Its package's version. */
  readonly version: string | null
  readonly source: Source
  /** What keeps it from being used, as far as that shows without importing it. */
  readonly problem: string | undefined
  /** Imports it and checks that it is a provider; fails at once where there is a problem. */
  readonly load: Effect.Effect<ProviderSpec, UnusableProvider>
}

/** A provider that cannot be used. */
export const unusable = (
  found: Pick<FoundProvider, "id" | "version" | "source">,
  problem: string
): FoundProvider => ({ ...found, problem, load: Effect.fail(new UnusableProvider({ message: problem })) })
