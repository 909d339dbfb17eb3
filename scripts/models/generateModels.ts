import { existsSync } from "node:fs"
import { join } from "node:path"
import type { FamiliesSource, ModelSource } from "./ModelSource.ts"
import { readDocument } from "./readDocument.ts"
import { describePackage, readFamilies, readModels } from "./readModels.ts"
import { modelSources } from "./sources.ts"
import { writeFamilies, writeModels } from "./writeModels.ts"

/** A generated file. */
export interface GeneratedFile {
  /** The name of the file. */
  readonly name: string
  /** How many models it has. */
  readonly count: number
  /** Returns the code, with the date in its header. */
  readonly write: (date: string) => string
}

/** Whether code is what a source generates, on whatever date. */
export const isCurrent = ({ write }: GeneratedFile, code: string): boolean =>
  code === write(/\d{4}-\d{2}-\d{2}/.exec(code)?.[0] ?? "")

/** Finds the package of the repository that has an npm package installed. */
const dependentOn = (root: string, provider: string, name: string): string => {
  const dependents = [`packages/provider-${provider}`, "packages/emulator", "bench"].map((path) =>
    join(root, path)
  )
  const found = dependents.find((path) => existsSync(join(path, "node_modules", name)))
  if (found === undefined) throw new Error(`${name} is not installed.`)
  return found
}

const generateFamilies = (root: string, provider: string, source: FamiliesSource): GeneratedFile => {
  const dependent = dependentOn(root, provider, source.package)
  const families = readFamilies(dependent, source)
  const origin = describePackage(dependent, source.package)
  return {
    name: `${source.file}.generated.ts`,
    count: families.length,
    write: (date) => writeFamilies(source.file, families, origin, date)
  }
}

const generateTables = (
  root: string,
  provider: string,
  source: Exclude<ModelSource, FamiliesSource>
): ReadonlyArray<GeneratedFile> => {
  const isDocument = "document" in source
  const dependent = isDocument ? "" : dependentOn(root, provider, source.package)
  const models = isDocument
    ? readDocument(join(root, source.document), source)
    : readModels(dependent, source)
  const origin = isDocument ? source.origin : describePackage(dependent, source.package)
  return [...new Set(models.map(({ file }) => file))].map((file) => {
    const ofFile = models.filter((model) => model.file === file)
    return {
      name: `${file}.generated.ts`,
      count: ofFile.length,
      write: (date: string) => writeModels(`${file}Models`, ofFile, source, origin, date)
    }
  })
}

/**
 * Generates the models of a provider. It reads only files of the repository and installed packages.
 *
 * @param root The root of the repository.
 * @param provider The id of the provider.
 */
export const generateModels = (root: string, provider: string): ReadonlyArray<GeneratedFile> =>
  (modelSources[provider] ?? []).flatMap((source) =>
    "families" in source ? [generateFamilies(root, provider, source)] : generateTables(root, provider, source)
  )
