import { providerIdPattern } from "@gentask/core/internal"
import type { Manifest } from "./installedPackages.ts"

/** The version of the plugin contract that this command line supports. */
export const supportedSpecVersion = 1

/** The provider that a package.json declares. */
export interface ProviderDeclaration {
  /** Null if the declared id is invalid. */
  readonly id: string | null
  /** What is wrong with the declaration, as a predicate: the package is the subject. */
  readonly problem: string | undefined
}

const keyword = "gentask-provider"
const example = `"gentask": { "provider": "acme", "specVersion": ${supportedSpecVersion} }`

/** Describes a provider for another version of the plugin contract, as a predicate. */
export const describeSpecVersion = (version: number): string =>
  `requires version ${version} of the plugin contract, but this gentask supports version ${supportedSpecVersion}. ` +
  (version > supportedSpecVersion ? "Update gentask." : "Update the provider.")

const gentaskField = ({ gentask }: Manifest): Manifest => Object(gentask) as Manifest

/** Returns what is wrong with the contract version of a package.json. Undefined if it declares none. */
export const specVersionProblem = (manifest: Manifest): string | undefined => {
  const { specVersion } = gentaskField(manifest)
  return typeof specVersion === "number" && specVersion !== supportedSpecVersion
    ? describeSpecVersion(specVersion)
    : undefined
}

/** Returns the provider that a package.json declares. Undefined if it declares none. */
export const readDeclaration = (manifest: Manifest): ProviderDeclaration | undefined => {
  const { keywords } = manifest
  const { provider, specVersion } = gentaskField(manifest)
  const hasKeyword = Array.isArray(keywords) && keywords.includes(keyword)
  if (!hasKeyword && provider === undefined) return undefined
  if (typeof provider !== "string" || !providerIdPattern.test(provider)) {
    const problem = `does not declare a valid provider id in its package.json. Add, for example: ${example}.`
    return { id: null, problem }
  }
  if (!Number.isSafeInteger(specVersion)) {
    const problem = `does not declare its version of the plugin contract in its package.json. Add, for example: ${example}.`
    return { id: provider, problem }
  }
  if (!hasKeyword) {
    const problem = `has the field "gentask" in its package.json, but not the keyword "${keyword}". Add the keyword.`
    return { id: provider, problem }
  }
  return { id: provider, problem: specVersionProblem(manifest) }
}
