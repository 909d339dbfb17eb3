import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import ts from "typescript-6"
import type { ModelSource, ModelType } from "./ModelSource.ts"
import { SchemaWriter } from "./schemaOf.ts"
import type { Member } from "./schemaOf.ts"

/** A model as the vendor's types describe it. */
export interface ReadModel extends Omit<ModelType, "type"> {
  readonly members: ReadonlyArray<Member>
}

/** What is said about the source in the generated files. */
export interface PackageInfo {
  readonly name: string
  readonly version: string
  readonly license: string
}

/** Returns the name, the version and the license of an installed package. */
export const readPackage = (folder: string, name: string): PackageInfo => {
  const paths = createRequire(join(folder, "package.json")).resolve.paths(name) ?? []
  for (const path of paths) {
    try {
      const manifest = JSON.parse(readFileSync(join(path, name, "package.json"), "utf8")) as PackageInfo
      return { name, version: manifest.version, license: manifest.license }
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is not installed in ${folder}. Add it to devDependencies.`)
}

/**
 * Reads the input types of a vendor's models.
 *
 * @param folder The folder of a package that depends on the vendor's.
 */
export const readModels = (folder: string, source: ModelSource): ReadonlyArray<ReadModel> => {
  const file = join(folder, "models.generated-types.ts")
  const lines = [source.imports, ...source.models.map(({ type }, index) => `export type M${index} = ${type}`)]
  const options: ts.CompilerOptions = {
    strict: true,
    skipLibCheck: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ESNext,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
    types: []
  }
  const host = ts.createCompilerHost(options)
  const getSourceFile = host.getSourceFile.bind(host)
  const fileExists = host.fileExists.bind(host)
  host.fileExists = (path) => path === file || fileExists(path)
  host.getSourceFile = (path, ...rest) =>
    path === file
      ? ts.createSourceFile(path, lines.join("\n"), ts.ScriptTarget.ESNext, true)
      : getSourceFile(path, ...rest)
  const program = ts.createProgram([file], options, host)
  const root = program.getSourceFile(file)
  const [error] = program.getSemanticDiagnostics(root)
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"))
  const checker = program.getTypeChecker()
  const writer = new SchemaWriter(checker, source)
  const types = root?.statements.filter((statement) => ts.isTypeAliasDeclaration(statement)) ?? []
  return source.models.flatMap((model, index): ReadonlyArray<ReadModel> => {
    const declaration = types[index]
    if (declaration === undefined) return []
    const type = checker.getTypeAtLocation(declaration)
    const { modelMember } = source
    const parts = modelMember !== undefined && type.isUnion() ? type.types : [type]
    return parts.map((part) => {
      const own = modelMember === undefined ? undefined : writer.literal(part, modelMember)
      return {
        name: [model.name, own].filter((each) => each !== undefined && each !== "").join("/"),
        mediaKind: model.mediaKind,
        file: model.file,
        docs: model.docs,
        ...(model.names === undefined ? {} : { names: model.names }),
        members: writer.members(part).filter(({ name }) => name !== modelMember)
      }
    })
  })
}
