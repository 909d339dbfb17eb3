/** Validates a submit before anything is sent, and reports all problems at once. */
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { commonInputNames } from "../provider/CommonInput.ts"
import { isEmbeddedFile, isInputFile } from "../provider/InputFile.ts"
import type { InputFile } from "../provider/InputFile.ts"
import type { ModelSpec } from "../provider/ModelSpec.ts"
import type { SubmitOperation } from "../provider/SubmitOperation.ts"
import { valueAt } from "../provider/valueAt.ts"
import { checkWebhook } from "./checkWebhook.ts"
import { describeRequest } from "./describeRequest.ts"
import { digestJson } from "./digestJson.ts"
import { invalidInput } from "./invalidInput.ts"
import type { InputProblem } from "../account/InputProblem.ts"
import { nameOf } from "../account/nameOf.ts"
import { openInput } from "./openInput.ts"
import type { OpenedFiles, OpenedInput } from "./openInput.ts"
import type { SubmitInput } from "./SubmitInput.ts"
import { validateInput } from "./validateInput.ts"

/** A submit that can be sent. */
export interface PreparedSubmit {
  /** The account, as in a task ref. */
  readonly account: string
  readonly operation: SubmitOperation<unknown, unknown>
  readonly model: string
  readonly prompt: string | null
  /** The vendor's own input. Files in it are handles. */
  readonly input: Readonly<Record<string, unknown>>
  readonly files: OpenedFiles
  /** The files that must be uploaded, by the dotted path in the input. */
  readonly uploads: ReadonlyArray<{ readonly path: string; readonly file: InputFile }>
  /** The SHA-256 digest of account, model and input. */
  readonly digest: string
  readonly webhook: SubmitInput["webhook"]
}

const definedMembers = (input: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))

/** Finds the files in a value that are not embedded. */
const findUploads = (
  value: unknown,
  path: string
): ReadonlyArray<{ readonly path: string; readonly file: InputFile }> => {
  if (isInputFile(value)) return [{ path, file: value }]
  if (typeof value !== "object" || value === null || isEmbeddedFile(value)) return []
  return Object.entries(value).flatMap(([name, member]) =>
    findUploads(member, path === "" ? name : `${path}.${name}`)
  )
}

const matchesType = (mediaType: string, allowed: string): boolean =>
  allowed.endsWith("/*") ? mediaType.startsWith(allowed.slice(0, -1)) : mediaType === allowed

/** Whether the account's endpoint accepts files. */
const canUpload = (
  { spec, settings }: ResolvedAccount,
  uploads: PreparedSubmit["uploads"],
  model: string
): boolean => uploads.every(({ file }) => spec.upload?.request(file, settings, model) !== undefined)

const checkUploads = (
  account: ResolvedAccount,
  uploads: PreparedSubmit["uploads"]
): ReadonlyArray<InputProblem> => {
  const { spec } = account
  const { upload } = spec
  if (upload === undefined) return []
  return uploads.flatMap(({ path, file }): ReadonlyArray<InputProblem> => {
    if (upload.maxBytes !== undefined && file.size > upload.maxBytes)
      return [{ path, message: `${file.name} has ${file.size} bytes, and the limit is ${upload.maxBytes}` }]
    const { mediaTypes } = upload
    return mediaTypes === undefined || mediaTypes.some((allowed) => matchesType(file.mediaType, allowed))
      ? []
      : [
          {
            path,
            message: `${file.name} is ${file.mediaType}. ${spec.title} accepts ${mediaTypes.join(", ")}`
          }
        ]
  })
}

/** Files that would be left in a JSON body or a form, where only links make sense. */
const checkLinks = (
  account: ResolvedAccount,
  prepared: Pick<PreparedSubmit, "operation" | "model" | "input" | "webhook">
): ReadonlyArray<InputProblem> => {
  const { model, input, webhook, operation } = prepared
  const { title } = account.spec
  const spec = describeRequest(account, operation, { model, input, webhook, idempotencyKey: "0" })
  if (canUpload(account, findUploads(input, ""), model)) return []
  return findUploads([spec.body, spec.form], "").map(({ path, file }) => ({
    path: path.replace(/^[01]\.?/, ""),
    message: `${title} accepts links only here. Upload ${file.name} elsewhere, and give its URL`
  }))
}

/** A file is the same input if it has the same bytes. */
const digestOf = (account: ResolvedAccount, model: string, input: unknown, files: OpenedFiles): string =>
  digestJson([account.spec.id, account.origin, model, input], (value) =>
    isInputFile(value) ? { sha256: files.get(value.id)?.sha256, size: value.size } : value
  )

const unsupportedInputs = (
  operation: SubmitOperation<unknown, unknown>,
  modelSpec: ModelSpec | undefined,
  model: string,
  { common }: OpenedInput
): ReadonlyArray<InputProblem> => {
  const supported = modelSpec?.supportedInputs ?? operation.supportedInputs(model)
  const list = supported.length === 0 ? "none" : supported.join(", ")
  const message =
    modelSpec === undefined
      ? `The provider does not know this model and its field for this input. Set the field in input (gentask: -i KEY=VALUE). Inputs that it translates: ${list}`
      : `This model does not support it.${supported.length === 0 ? "" : ` It supports ${list}`}`
  return commonInputNames
    .filter((name) => common[name] !== undefined && !supported.includes(name))
    .map((name) => ({ path: name, code: "unsupported", supported, message }))
}

const translate = (
  account: ResolvedAccount,
  operation: SubmitOperation<unknown, unknown>,
  model: string,
  { common, input }: OpenedInput
): { readonly input: Record<string, unknown>; readonly problems: ReadonlyArray<InputProblem> } => {
  try {
    const translated = operation.toInput(common, model, account.settings)
    return { input: { ...definedMembers(translated), ...definedMembers(input) }, problems: [] }
  } catch (error) {
    return {
      input: definedMembers(input),
      problems: [{ path: "", message: error instanceof Error ? error.message : String(error) }]
    }
  }
}

/** Returns how an account submits. @throws {ConfigurationError} If its provider cannot submit. */
const operationOf = (account: ResolvedAccount): SubmitOperation<unknown, unknown> => {
  if (account.spec.submit !== undefined) return account.spec.submit
  throw new ConfigurationError({
    reason: { _tag: "UnsupportedOperation", account: nameOf(account), operation: "submit" },
    message: `${account.spec.id} cannot submit tasks. Create the task with the vendor, and pass its ref to wait.`
  })
}

/**
 * Validates a submit, and opens its files.
 *
 * @throws {ConfigurationError} If the provider cannot submit, or the input is invalid. Nothing was sent.
 */
export const prepareSubmit = async (
  account: ResolvedAccount,
  request: SubmitInput
): Promise<PreparedSubmit> => {
  const operation = operationOf(account)
  const { model, webhook } = request
  const name = nameOf(account)
  if (typeof model !== "string" || model.trim() === "")
    throw invalidInput(name, "", [
      { path: "model", code: "missing", message: "The name of the model is missing" }
    ])
  const opened = await openInput(request)
  const modelSpec =
    operation.models !== undefined && Object.hasOwn(operation.models, model)
      ? operation.models[model]
      : undefined
  const translated = translate(account, operation, model, opened)
  // Without a known model, the provider's own reason is the better one.
  const unsupported =
    modelSpec === undefined && translated.problems.length > 0
      ? []
      : unsupportedInputs(operation, modelSpec, model, opened)
  const valid =
    modelSpec === undefined
      ? { value: translated.input, problems: [] }
      : validateInput(modelSpec, translated.input)
  const files = findUploads(valid.value, "")
  // Of the others, the provider embeds those that the vendor accepts.
  const uploads = canUpload(account, files, model) ? files : []
  const problems = [
    ...opened.problems,
    ...unsupported,
    ...translated.problems,
    // A field that a file or a common input would have set is missing because of the problems above.
    ...(opened.problems.length + translated.problems.length === 0
      ? valid.problems
      : valid.problems.filter(({ path }) => path !== "" && valueAt(valid.value, path) !== undefined)),
    ...checkUploads(account, uploads),
    ...checkWebhook(webhook)
  ]
  if (problems.length > 0) throw invalidInput(name, model, problems)
  const { prompt } = opened.common
  const ownPrompt = valid.value["prompt"]
  const links = checkLinks(account, { operation, model, input: valid.value, webhook })
  if (links.length > 0) throw invalidInput(name, model, links)
  return {
    account: name,
    operation,
    model,
    prompt: typeof ownPrompt === "string" ? ownPrompt : (prompt ?? null),
    input: valid.value,
    files: opened.files,
    uploads,
    digest: digestOf(account, model, valid.value, opened.files),
    webhook
  }
}
