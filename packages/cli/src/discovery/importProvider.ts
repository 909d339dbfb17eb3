import { pathToFileURL } from "node:url"
import type { ProviderSpec } from "@gentask/core"
import { parseProviderSpec } from "@gentask/core/provider"
import * as Effect from "effect/Effect"
import { firstLine } from "../output/sanitize.ts"
import { UnusableProvider } from "./DiscoveredProvider.ts"
import { describeSpecVersion } from "./providerManifest.ts"

/** A module to import, and the provider that it must export. */
export interface ProviderModule {
  /** The id that the spec must have. */
  readonly id: string
  /** Where the id comes from: `its package.json`. */
  readonly idSource: string
  /** The subject of messages: `The package @me/acme 1.2.0`. */
  readonly subject: string
  /** The name of a package, or the URL of a file. */
  readonly specifier: string
  /** The file from which Node resolves the package. */
  readonly parentFile: string
}

/** Options of `importProvider`. */
export interface ImportOptions {
  /** Maximum duration of the import in milliseconds. One import that never settles must not block the others. @default 10000 */
  readonly timeoutMs?: number
}

const importModule = async ({ specifier, parentFile }: ProviderModule): Promise<unknown> => {
  const { resolve } = await import("import-meta-resolve")
  return import(resolve(specifier, pathToFileURL(parentFile).href))
}

/** Returns the default export. Unwraps CommonJS modules that were compiled from ES modules. */
const defaultExport = (module: unknown): unknown => {
  const { default: content } = module as { readonly default?: unknown }
  const { __esModule: isCompiled, default: inner } = Object(content) as Readonly<Record<string, unknown>>
  return isCompiled === true ? inner : content
}

/** Returns the spec of a default export, or what is wrong with it, as a predicate. */
const validateSpec = (value: unknown, { id, idSource }: ProviderModule): ProviderSpec | string => {
  if (value === undefined || value === null)
    return "has no default export. Export its spec: export default defineProvider({ … })."
  const { specVersion } = Object(value) as Readonly<Record<string, unknown>>
  const versionProblem = describeSpecVersion(specVersion)
  if (versionProblem !== undefined) return versionProblem
  const parsed = parseProviderSpec(value)
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ path, message }) => `${path === "" ? "it" : path} ${message}`)
    return `does not export a valid provider spec: ${problems.join("; ")}. Export the result of defineProvider from @gentask/core/provider.`
  }
  const { spec } = parsed
  return spec.id === id
    ? spec
    : `has the provider id ${JSON.stringify(spec.id)} in its spec, but ${JSON.stringify(id)} in ${idSource}. Use the same id in both.`
}

/** Imports a provider and validates its spec. Fails with a message that says why it cannot be used. */
export const importProvider = (
  module: ProviderModule,
  { timeoutMs = 10_000 }: ImportOptions = {}
): Effect.Effect<ProviderSpec, UnusableProvider> => {
  const unusable = (problem: string): UnusableProvider =>
    new UnusableProvider({ message: `${module.subject} ${problem}` })
  return Effect.tryPromise({
    try: async () => validateSpec(defaultExport(await importModule(module)), module),
    catch: (error) => unusable(`cannot be imported: ${firstLine(error)}. Fix it, or remove it.`)
  }).pipe(
    Effect.timeoutOrElse({
      duration: timeoutMs,
      orElse: () =>
        Effect.fail(
          unusable(
            `cannot be imported: the import takes longer than ${timeoutMs / 1000} s. Fix it, or remove it.`
          )
        )
    }),
    Effect.flatMap((result) =>
      typeof result === "string" ? Effect.fail(unusable(result)) : Effect.succeed(result)
    )
  )
}
