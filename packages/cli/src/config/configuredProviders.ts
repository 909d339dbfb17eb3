import { describeUnknownProvider } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import { unusableProvider } from "../discovery/DiscoveredProvider.ts"
import type { DiscoveredProvider } from "../discovery/DiscoveredProvider.ts"
import { ProviderCatalog } from "../discovery/ProviderCatalog.ts"
import { UsageError } from "../UsageError.ts"
import type { ConfigFile } from "./configFileSchema.ts"

/** A configuration file that has been read. */
export interface LoadedConfigFile {
  readonly path: string
  /** Whether it is the user's own file, which applies to every project. */
  readonly isUserFile: boolean
  readonly content: ConfigFile
}

/** Creates the catalog of a folder and these configuration files. Later files override earlier ones. */
export const createCatalog = (files: ReadonlyArray<LoadedConfigFile>, folder: string): ProviderCatalog =>
  new ProviderCatalog({
    folder,
    plugins: files.flatMap(({ path, content }) =>
      Object.entries(content.plugins ?? {}).map(([id, module]) => ({ id, module, file: path }))
    )
  })

/**
 * Returns the unknown providers of the user's own file. Other projects may have them, so they are not an error. In a
 * project's file, an unknown provider is an error.
 */
export const findMissingProviders = Effect.fnUntraced(function* (
  files: ReadonlyArray<LoadedConfigFile>,
  catalog: ProviderCatalog
): Effect.fn.Return<ReadonlyArray<DiscoveredProvider>, UsageError> {
  const missing: Array<DiscoveredProvider> = []
  for (const { path, isUserFile, content } of files) {
    for (const id of Object.keys(content.providers ?? {})) {
      if (catalog.find(id) !== undefined) continue
      const problem = `The configuration file ${path} is invalid at providers: ${describeUnknownProvider(id, catalog.ids)} ${catalog.advice}`
      if (!isUserFile) return yield* new UsageError({ message: problem })
      const source = { kind: "configuration", package: null, path } as const
      missing.push(unusableProvider({ id, version: null, source }, problem))
    }
  }
  return missing
})
