/** Builds the request of a submit in the order in which core does, without opening files. */
import type { ResolvedAccount } from "@gentask/core/internal"
import { isEmbeddedFile, isInputFile, isJsonObject } from "@gentask/core/provider"
import type {
  CommonInput,
  CommonInputName,
  InputFile,
  ModelSpec,
  RequestSpec,
  SubmitOperation,
  SubmitRequest
} from "@gentask/core/provider"
import type { RecordedSubmit } from "../recording/OperationRecording.ts"

/** The submit operation of any provider. */
export type AnySubmit = SubmitOperation<unknown, unknown>

/** A submit that the provider has described. */
export interface BuiltSubmit {
  readonly request: SubmitRequest
  /** The request, with the header of the idempotency key. */
  readonly spec: RequestSpec
}

/** Creates a file of an input. */
export const inputFile = (name: string, mediaType = "image/png", size = 1000): InputFile => ({
  _tag: "InputFile",
  id: name,
  name,
  mediaType,
  size
})

/** The URL that replaces an uploaded file in a recorded request. */
export const uploadedUrl = (file: InputFile): string => `https://uploads.example.com/${file.name}`

/** Replaces values inside arrays and objects. `replace` returns undefined for a value that stays. */
export const mapValues = (value: unknown, replace: (value: unknown) => unknown): unknown => {
  const replaced = replace(value)
  if (replaced !== undefined) return replaced
  if (Array.isArray(value)) return value.map((element) => mapValues(element, replace))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapValues(each, replace)]))
}

/** Replaces `{ "file": "fox.png" }` in a recorded input by a file. */
export const withFiles = (value: unknown): unknown =>
  mapValues(value, (each) => {
    if (!isJsonObject(each) || typeof each["file"] !== "string") return undefined
    const { file, mediaType, size, ...others } = each
    return Object.keys(others).length === 0
      ? inputFile(file, mediaType as string | undefined, size as number | undefined)
      : undefined
  })

/** Returns what the package knows about a model. */
export const modelOf = ({ models }: AnySubmit, model: string): ModelSpec | undefined =>
  models !== undefined && Object.hasOwn(models, model) ? models[model] : undefined

/** Returns the common inputs that a model supports. */
export const supportedInputsOf = (submit: AnySubmit, model: string): ReadonlyArray<CommonInputName> =>
  modelOf(submit, model)?.supportedInputs ?? submit.supportedInputs(model)

const withoutUndefined = (value: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))

/** Translates common inputs. Members that are undefined are left out, as core does. */
export const translate = (
  submit: AnySubmit,
  common: CommonInput,
  model: string,
  settings: unknown
): Record<string, unknown> => withoutUndefined(submit.toInput(common, model, settings))

/** Replaces the files that core uploads. */
export const withUploads = <A>(account: ResolvedAccount, model: string, input: A): A =>
  mapValues(input, (each) => {
    if (isEmbeddedFile(each)) return each
    if (!isInputFile(each)) return undefined
    return account.spec.upload?.request(each, account.settings, model) === undefined
      ? each
      : uploadedUrl(each)
  }) as A

const validate = (model: ModelSpec | undefined, input: Record<string, unknown>): Record<string, unknown> => {
  if (model === undefined) return input
  const result = model.input["~standard"].validate(input)
  if (result instanceof Promise) throw new Error("The model's schema is asynchronous. Use a synchronous one")
  if (result.issues === undefined) return result.value
  const issues = result.issues.map(
    ({ path = [], message }) =>
      `${path.map((segment) => String(typeof segment === "object" ? segment.key : segment)).join(".")}: ${message}`
  )
  throw new Error(`The model's schema rejects the input: ${issues.join("; ")}`)
}

/** Describes the request of a submit whose input is complete, and adds the header of the idempotency key. */
export const describeSubmit = (
  submit: AnySubmit,
  account: ResolvedAccount,
  request: SubmitRequest
): BuiltSubmit => {
  const spec = submit.request(request, account.settings)
  const header = submit.idempotency?.(account.settings)?.header
  const headers = header === undefined ? spec.headers : { ...spec.headers, [header]: request.idempotencyKey }
  return { request, spec: headers === undefined ? spec : { ...spec, headers } }
}

/**
 * Builds the request of a recorded submit.
 *
 * @throws {Error} If the provider or the model's schema rejects the input.
 */
export const buildSubmit = (
  submit: AnySubmit,
  account: ResolvedAccount,
  { model, common = {}, input = {}, idempotencyKey = "key-1", webhook }: RecordedSubmit
): BuiltSubmit => {
  const supported = supportedInputsOf(submit, model)
  const other = Object.keys(common).find((name) => !supported.includes(name as CommonInputName))
  if (other !== undefined)
    throw new Error(
      `The model ${model} does not support the common input ${other}. Add it to supportedInputs, or remove it`
    )
  const translated = translate(submit, withFiles(common) as CommonInput, model, account.settings)
  const own = withFiles(input) as Record<string, unknown>
  const valid = validate(modelOf(submit, model), { ...translated, ...own })
  return describeSubmit(submit, account, {
    model,
    input: withUploads(account, model, valid),
    idempotencyKey,
    webhook
  })
}
