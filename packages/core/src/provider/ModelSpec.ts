import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { OutputKind } from "../task/Output.ts"
import type { CommonInput, CommonInputName } from "./CommonInput.ts"
import type { InputFile } from "./InputFile.ts"
import type { MediaSource } from "./MediaSource.ts"
import type { InputNames } from "./renameInputs.ts"

/** A model that a provider's package knows. */
export interface ModelSpec<
  // oxlint-disable-next-line typescript/no-explicit-any -- only the provider itself knows the type of its input
  Input = any,
  Common extends CommonInputName = CommonInputName
> {
  /** The kind of media that the model creates. */
  readonly mediaKind: OutputKind
  /** The common inputs that `toInput` translates for the model. Others are rejected before anything is sent. */
  readonly supportedInputs: ReadonlyArray<Common>
  /**
   * The schema of the model's complete input in the vendor's words. Unknown members must be invalid. A schema that also
   * implements Standard JSON Schema is shown by `gentask models`.
   */
  readonly input: StandardSchemaV1<Input, Readonly<Record<string, unknown>>>
  /** The vendor's names of the common inputs, which messages about the input show. @default none */
  readonly names?: InputNames | undefined
  /** The URL of the model's documentation. @default the spec's `docs` */
  readonly docs?: string | undefined
}

/** Models by the vendor's name. */
export type ModelTable = Readonly<Record<string, ModelSpec>>

/** The same input with any source of media instead of files. */
export type WithSources<Input> = Input extends InputFile
  ? MediaSource
  : Input extends ReadonlyArray<infer Element>
    ? ReadonlyArray<WithSources<Element>>
    : Input extends object
      ? { readonly [Name in keyof Input]: WithSources<Input[Name]> }
      : Input

/** What a user can write for a model: the common inputs that it supports, and the vendor's own input. */
export type ModelInput<Model extends ModelSpec> =
  Model extends ModelSpec<infer Input, infer Common>
    ? Pick<CommonInput<MediaSource>, Common> & {
        /** The vendor's own input, which overrides the common inputs. */
        readonly input?: Partial<WithSources<Input>> | undefined
      }
    : never

/** A submit of a known model. Pass it to `submit` or `generate`. */
export type ModelRequest<Model extends ModelSpec> = ModelInput<Model> & {
  /** The account, as in a task ref: `jimmy`, or `jimeng@deepwl`. */
  readonly account: string
  /** The vendor's name of the model. */
  readonly model: string
}

/** A function for each model that a provider knows, with the types of the model's inputs. */
export type ModelBuilders<Models extends ModelTable> = {
  readonly [Name in keyof Models]: (
    input: ModelInput<Models[Name]>,
    options?: {
      /** The name of the account. @default the provider's default account */
      readonly account?: string | undefined
    }
  ) => ModelRequest<Models[Name]>
}

/** The models of a table that has more about each. Name it in declarations, which would repeat the inputs otherwise. */
export type DefinedModels<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends {
    readonly input: StandardSchemaV1<infer Input, infer _Output>
    readonly supportedInputs: ReadonlyArray<infer Common extends CommonInputName>
  }
    ? ModelSpec<Input, Common>
    : never
}

/**
 * Checks the types of a provider's models and returns them unchanged.
 *
 * ```ts
 * const models = defineModels({
 *   "acme-1": {
 *     mediaKind: "image",
 *     supportedInputs: ["prompt", "aspectRatio"],
 *     input: z.strictObject({ prompt: z.string(), ratio: z.enum(["1:1", "16:9"]).optional() })
 *   }
 * })
 * ```
 *
 * @param models The models by the vendor's name.
 */
export const defineModels = <
  const Names extends Readonly<Record<string, { readonly supportedInputs: ReadonlyArray<CommonInputName> }>>
>(
  models: Names & ModelTable
): DefinedModels<Names> => models as never

/** Creates a function for each model. The functions are created on use: a table may be large. */
export const modelBuilders = <Models extends ModelTable>(
  providerId: string,
  models: Models
): ModelBuilders<Models> =>
  Object.fromEntries(
    Object.keys(models).map((model) => [
      model,
      (input: object, options: { readonly account?: string } = {}) => ({
        ...input,
        account: options.account === undefined ? providerId : `${providerId}@${options.account}`,
        model
      })
    ])
  ) as never
