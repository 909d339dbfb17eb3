import type { InputNames, OutputKind } from "../../packages/core/src/provider/index.ts"

/** The vendor's names of the common inputs. The first one that a model has is used. */
export type ModelNames = Readonly<Partial<Record<keyof InputNames, ReadonlyArray<string>>>>

/** The input type of a model, or of several models whose types are a union. */
export interface ModelType {
  /** The vendor's name of the model. Those of a union precede `/` and their `modelMember`, unless this is empty. */
  readonly name: string
  /** A TypeScript expression for the type of the input. */
  readonly type: string
  readonly mediaKind: OutputKind
  /** The generated file without `.generated.ts`. Its constant is the same with `Models`. */
  readonly file: string
  /** The URL of the documentation. */
  readonly docs: string
  /** Names of common inputs that the source's do not have for this model. @default none */
  readonly names?: ModelNames
}

/** How the common inputs of a source's models are named. */
export interface NamesSource {
  readonly names: ModelNames
  /** Whether the schema of a member accepts a common input that the names lead to it. @default always */
  readonly accepts?: (common: keyof ModelNames, schema: string) => boolean
}

/** The types of an npm package. */
export interface TypesSource extends NamesSource {
  /** The name of the package: the vendor's, or another client of the vendor. */
  readonly package: string
  /** The module that has the types, and what to import of it. */
  readonly imports: string
  readonly models: ReadonlyArray<ModelType>
  /** The member that has the model's name. It is left out of the input. @default none */
  readonly modelMember?: string
  /** Whether a member of a text type is a media input. @default only those that accept a `Blob` or a `File` */
  readonly isMedia?: (name: string, documentation: string) => boolean
}

/** An OpenAPI document in the repository. Its license is beside it. */
export interface DocumentSource extends NamesSource {
  /** The path of the document from the root of the repository. */
  readonly document: string
  /** Where the document is from, with its date and license. */
  readonly origin: string
  /** The part of a path before the name of the model. */
  readonly pathPrefix: string
  /** What all models have. */
  readonly model: Pick<ModelType, "mediaKind" | "file" | "docs">
  /** The members that are not part of the input. */
  readonly ignored: ReadonlyArray<string>
  /** Whether a member is a media input. */
  readonly isMedia: (name: string) => boolean
  /** Whether a list of inputs is spread over this member and those that follow it. @default never */
  readonly isList?: (name: string, members: ReadonlyArray<string>) => boolean
}

/** A type of an npm package that lists the names of models. The provider has the input of each family of models. */
export interface FamiliesSource {
  /** The name of the package. */
  readonly package: string
  /** The types to import. */
  readonly types: ReadonlyArray<string>
  /** The generated file without `.generated.ts`. */
  readonly file: string
  /** The family of the names that match. The first pattern decides. Other names are left out. */
  readonly families: ReadonlyArray<readonly [pattern: RegExp, family: string]>
}

/** Where the models of a generated file are from. */
export type ModelSource = TypesSource | DocumentSource | FamiliesSource
