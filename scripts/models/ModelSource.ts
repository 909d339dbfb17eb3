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

/** Where the types of a vendor's models are from. */
export interface ModelSource {
  /** The name of the vendor's npm package. */
  readonly package: string
  /** The module that has the types, and what to import of it. */
  readonly imports: string
  readonly models: ReadonlyArray<ModelType>
  /** The member that has the model's name. It is left out of the input. @default none */
  readonly modelMember?: string
  /** Whether a member of a text type is a media input. @default only those that accept a `Blob` or a `File` */
  readonly isMedia?: (name: string, documentation: string) => boolean
  readonly names: ModelNames
  /** Whether the schema of a member accepts a common input that the names lead to it. @default always */
  readonly accepts?: (common: keyof ModelNames, schema: string) => boolean
}
