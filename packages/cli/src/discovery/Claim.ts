/** What a package says of itself in its package.json: that it is a provider, and which one. */
import { providerIdPattern } from "@gentask/core/internal"
import type { Manifest } from "./packages.ts"

/** The version of the plugin contract that this command line speaks. */
export const contractVersion = 1

/** A package that says that it is a provider. */
export interface Claim {
  /** Null where what it says is no id. */
  readonly id: string | null
  /** What is wrong with what it says, as a sentence without its subject; undefined if nothing is. */
  readonly problem: string | undefined
}

const keyword = "gentask-provider"
const example = `"gentask": { "provider": "acme", "specVersion": ${contractVersion} }`

/** Says of a provider that it is built for another version of the contract. */
export const otherVersion = (version: number): string =>
  `is built for version ${version} of the plugin contract, and this gentask speaks version ${contractVersion}. ` +
  (version > contractVersion ? "Update gentask." : "Update it.")

const fieldIn = ({ gentask: field }: Manifest): Manifest => Object(field) as Manifest

/** What is wrong with the version of the contract that a package.json tells; undefined where it tells none. */
export const versionProblemIn = (manifest: Manifest): string | undefined => {
  const { specVersion } = fieldIn(manifest)
  return typeof specVersion === "number" && specVersion !== contractVersion
    ? otherVersion(specVersion)
    : undefined
}

/** Reads what a package.json says; undefined where it does not say that it is a provider's. */
export const claimIn = (manifest: Manifest): Claim | undefined => {
  const { keywords } = manifest
  const { provider, specVersion } = fieldIn(manifest)
  const isMarked = Array.isArray(keywords) && keywords.includes(keyword)
  if (!isMarked && provider === undefined) return undefined
  if (typeof provider !== "string" || !providerIdPattern.test(provider)) {
    const problem = `names no provider of lower-case letters, digits and hyphens in its package.json. Write there: ${example}`
    return { id: null, problem }
  }
  if (!Number.isSafeInteger(specVersion)) {
    const problem = `does not say in its package.json for which version of the plugin contract it is built. Write there: ${example}`
    return { id: provider, problem }
  }
  if (!isMarked) {
    const problem = `has the field "gentask" in its package.json and not the keyword "${keyword}". Add the keyword.`
    return { id: provider, problem }
  }
  return { id: provider, problem: versionProblemIn(manifest) }
}
