/** Imports a plugin as Node does from the file that names it, and checks that it is the provider that it should be. */
import { pathToFileURL } from "node:url"
import type { ProviderSpec } from "@gentask/core"
import * as Effect from "effect/Effect"
import { contractVersion, otherVersion } from "./Claim.ts"
import { UnusableProvider } from "./FoundProvider.ts"
import { firstLineOf } from "../output/sanitise.ts"

/** What is imported, and what is expected of it. */
export interface Plugin {
  /** The id that its spec must have. */
  readonly id: string
  /** How sentences name it: `The package @me/acme 1.2.0`. */
  readonly subject: string
  /** Where the id was told: `its package.json`. */
  readonly toldBy: string
  /** The name of a package, or the URL of a file. */
  readonly specifier: string
  /** The file from which Node would look for the package. */
  readonly from: string
}

/** How long an import may take, in milliseconds: a plugin that never settles must not keep the others from being asked. */
const patience = 10_000

const importModule = async ({ specifier, from }: Plugin): Promise<unknown> => {
  const { resolve } = await import("import-meta-resolve")
  return import(resolve(specifier, pathToFileURL(from).href))
}

/** The default export; of CommonJS that was compiled from ES modules, the one that its author wrote. */
const defaultOf = (module: unknown): unknown => {
  const { default: content } = module as { readonly default?: unknown }
  const { __esModule: isCompiled, default: inner } = Object(content) as Readonly<Record<string, unknown>>
  return isCompiled === true ? inner : content
}

/** What is wrong with a default export, as a sentence without its subject; undefined if nothing is. */
const problemOf = async (spec: unknown, { id, toldBy }: Plugin): Promise<string | undefined> => {
  if (spec === undefined || spec === null) {
    return "has no default export. Let it export its spec: export default defineProvider({ … })"
  }
  const { specVersion } = Object(spec) as Readonly<Record<string, unknown>>
  if (typeof specVersion === "number" && specVersion !== contractVersion) return otherVersion(specVersion)
  const { mistakeIn } = await import("./specShape.ts")
  const mistake = mistakeIn(spec)
  if (mistake !== undefined) {
    return `is no provider, since its default export is wrong${mistake}. It must be what defineProvider of @gentask/core/provider takes.`
  }
  const { id: own } = spec as ProviderSpec
  if (own === id) return undefined
  return `is the provider ${JSON.stringify(own)} by its spec, and ${JSON.stringify(id)} by ${toldBy}. Let both say the same.`
}

/** Imports a plugin; fails with the sentence that says why it cannot be used. */
export const importSpec = (plugin: Plugin): Effect.Effect<ProviderSpec, UnusableProvider> => {
  const because = (why: string): UnusableProvider =>
    new UnusableProvider({ message: `${plugin.subject} ${why}` })
  return Effect.tryPromise({
    try: async () => {
      const spec = defaultOf(await importModule(plugin))
      return { spec: spec as ProviderSpec, problem: await problemOf(spec, plugin) }
    },
    catch: (error) => because(`cannot be imported: ${firstLineOf(error)}. Mend it, or remove it.`)
  }).pipe(
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () => Effect.fail(because(`cannot be imported: it is not done after ${patience / 1000} s.`))
    }),
    Effect.flatMap(({ spec, problem }) =>
      problem === undefined ? Effect.succeed(spec) : Effect.fail(because(problem))
    )
  )
}
