import { providerIdPattern, specVersion as supportedVersion } from "@gentask/core/internal"
import type { Manifest } from "./installedPackages.ts"

/** The provider that a package.json declares. */
export interface ProviderDeclaration {
  /** Null if the declared id is invalid. */
  readonly id: string | null
  /** What is wrong with the declaration, as a predicate: the package is the subject. */
  readonly problem: string | undefined
}

const keyword = "gentask-provider"
const example = `"gentask": { "provider": "acme", "specVersion": ${supportedVersion} }`

/** Describes a provider for another version of the provider contract, as a predicate. Undefined if it is supported. */
export const describeSpecVersion = (version: unknown): string | undefined =>
  typeof version !== "number" || version === supportedVersion
    ? undefined
    : `requires version ${version} of the provider contract, but this gentask supports version ${supportedVersion}. ` +
      (version > supportedVersion ? "Update gentask." : "Update the provider.")

const gentaskField = ({ gentask }: Manifest): Manifest => Object(gentask) as Manifest

/** Describes the contract version of a package.json, if it is not supported. */
export const specVersionProblem = (manifest: Manifest): string | undefined =>
  describeSpecVersion(gentaskField(manifest)["specVersion"])

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
    const problem = `does not declare its version of the provider contract in its package.json. Add, for example: ${example}.`
    return { id: provider, problem }
  }
  if (!hasKeyword) {
    const problem = `has the field "gentask" in its package.json, but not the keyword "${keyword}". Add the keyword.`
    return { id: provider, problem }
  }
  return { id: provider, problem: specVersionProblem(manifest) }
}
