/** Holds the providers that configuration files speak of against those that there are. */
import * as Effect from "effect/Effect"
import { Catalog } from "../discovery/Catalog.ts"
import { unusable } from "../discovery/FoundProvider.ts"
import type { FoundProvider } from "../discovery/FoundProvider.ts"
import { UsageError } from "../UsageError.ts"
import type { ConfigurationFile } from "./shape.ts"

/** A configuration file that was read. */
export interface ReadFile {
  readonly path: string
  /** Whether it is the user's own, which holds in every project. */
  readonly isOwn: boolean
  readonly content: ConfigurationFile
}

/** The providers as a folder and these files, the weakest first, tell of them. */
export const catalogOf = (files: ReadonlyArray<ReadFile>, folder: string): Catalog =>
  new Catalog({
    folder,
    plugins: files.flatMap(({ path, content }) =>
      Object.entries(content.plugins ?? {}).map(([id, module]) => ({ id, module, file: path }))
    )
  })

/**
 * The providers that the user's own file holds accounts of and that are not here: they may well be in another project.
 * In a project's file, such a provider is a mistake.
 */
export const absentProviders = (
  files: ReadonlyArray<ReadFile>,
  catalog: Catalog
): Effect.Effect<ReadonlyArray<FoundProvider>, UsageError> =>
  Effect.gen(function* () {
    const absent: Array<FoundProvider> = []
    for (const { path, isOwn, content } of files) {
      const unknown = Object.keys(content.providers ?? {}).filter((id) => catalog.find(id) === undefined)
      if (!isOwn && unknown.length > 0) {
        const words = unknown.map((id) => JSON.stringify(id)).join(", ")
        return yield* new UsageError({
          message: `The configuration file ${path} is wrong at providers: ${words} means nothing here. ${catalog.advice}`
        })
      }
      const source = { kind: "configuration", package: null, path } as const
      for (const id of unknown) {
        const problem = `${path} holds accounts of ${id}, and there is no such provider here. ${catalog.advice}`
        absent.push(unusable({ id, version: null, source }, problem))
      }
    }
    return absent
  })
