import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import ts from "typescript-6"
import type { FamiliesSource, ModelType, TypesSource } from "./ModelSource.ts"
import { SchemaWriter } from "./schemaOf.ts"
import type { Member } from "./schemaOf.ts"

/** A model as the vendor's types describe it. */
export interface ReadModel extends Omit<ModelType, "type"> {
  readonly members: ReadonlyArray<Member>
}

/** Describes an installed package for the header of a generated file, with its version and license. */
export const describePackage = (folder: string, name: string): string => {
  const paths = createRequire(join(folder, "package.json")).resolve.paths(name) ?? []
  for (const path of paths) {
    try {
      const manifest = JSON.parse(readFileSync(join(path, name, "package.json"), "utf8")) as {
        readonly version: string
        readonly license: string
      }
      return `the types in the npm package ${name} ${manifest.version} (${manifest.license})`
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is not installed in ${folder}. Add it to devDependencies.`)
}

/** Compiles a module in the folder of a package, and returns its exported types. */
const compile = (
  folder: string,
  lines: ReadonlyArray<string>
): { readonly checker: ts.TypeChecker; readonly types: ReadonlyArray<ts.TypeAliasDeclaration> } => {
  const file = join(folder, "models.generated-types.ts")
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
  const types = root?.statements.filter((statement) => ts.isTypeAliasDeclaration(statement)) ?? []
  return { checker: program.getTypeChecker(), types }
}

/**
 * Reads the names of models, and finds the family of each.
 *
 * @param folder The folder of a package that depends on the source's.
 */
export const readFamilies = (
  folder: string,
  source: FamiliesSource
): ReadonlyArray<readonly [name: string, family: string]> => {
  const { checker, types } = compile(folder, [
    `import type { ${source.types.join(", ")} } from "${source.package}"`,
    ...source.types.map((type, index) => `export type T${index} = ${type}`)
  ])
  return types.flatMap((declaration) => {
    const type = checker.getTypeAtLocation(declaration)
    const literals = type.isUnion() ? type.types.filter((part) => part.isStringLiteral()) : []
    return literals.flatMap(({ value }): ReadonlyArray<readonly [string, string]> => {
      const family = source.families.find(([pattern]) => pattern.test(value))?.[1]
      return family === undefined ? [] : [[value, family]]
    })
  })
}

/**
 * Reads the input types of a vendor's models.
 *
 * @param folder The folder of a package that depends on the vendor's.
 */
export const readModels = (folder: string, source: TypesSource): ReadonlyArray<ReadModel> => {
  const { checker, types } = compile(folder, [
    source.imports,
    ...source.models.map(({ type }, index) => `export type M${index} = ${type}`)
  ])
  const writer = new SchemaWriter(checker, source)
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
