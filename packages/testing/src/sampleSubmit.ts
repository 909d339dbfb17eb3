/** Runs the submit of a provider as core does, without sending anything. For the tests of provider packages. */
import { readVendorError } from "@gentask/core/internal"
import { decodeSubmitError } from "@gentask/core/internal/submit"
import { jsonObject } from "@gentask/core/provider"
import type {
  CommonInput,
  EmbeddedFile,
  InputFile,
  ProviderSpec,
  RequestSpec,
  ResponseHead,
  SubmitOutcome,
  SubmitRequest
} from "@gentask/core/provider"

/** A submit for a test. */
export interface SampleSubmit {
  /** The vendor's name of the model. */
  readonly model: string
  /** The common inputs. */
  readonly common?: CommonInput
  /** The vendor's own input. */
  readonly input?: Readonly<Record<string, unknown>>
  /** The settings of the account. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The URL to notify. */
  readonly webhook?: string
}

/** A file for a test. */
export const sampleFile = (name: string, mediaType: string, size = 1000): InputFile => ({
  _tag: "InputFile",
  id: name,
  name,
  mediaType,
  size
})

/** What core places into a JSON body. */
export const embedded = (file: InputFile, as: EmbeddedFile["as"] = "base64"): EmbeddedFile => ({
  _tag: "EmbeddedFile",
  file,
  as
})

const settingsOf = (spec: ProviderSpec, settings: object): unknown => {
  const result = spec.settings?.["~standard"].validate(settings) ?? { value: undefined }
  if (result instanceof Promise || result.issues !== undefined)
    throw new Error(`Invalid settings: ${JSON.stringify(result)}`)
  return result.value
}

const submitOf = (spec: ProviderSpec) => {
  if (spec.submit === undefined) throw new Error(`${spec.id} cannot submit`)
  return spec.submit
}

/**
 * Returns the problems of an input, as core reports them.
 *
 * @returns The valid input, or each problem as `path: message`.
 */
export const validateSubmit = (
  spec: ProviderSpec,
  { model, common = {}, input = {}, settings = {} }: SampleSubmit
): { readonly input: Readonly<Record<string, unknown>> } | { readonly problems: ReadonlyArray<string> } => {
  const submit = submitOf(spec)
  const known = Object.hasOwn(submit.models ?? {}, model) ? submit.models?.[model] : undefined
  const supported = known?.supportedInputs ?? submit.supportedInputs(model)
  const unsupported = Object.keys(common).filter(
    (name) => !(supported as ReadonlyArray<string>).includes(name)
  )
  if (unsupported.length > 0) return { problems: unsupported.map((name) => `${name}: unsupported`) }
  const merged = { ...submit.toInput(common, model, settingsOf(spec, settings)), ...input }
  const result = known?.input["~standard"].validate(merged) ?? { value: merged }
  if (result instanceof Promise) throw new Error("The schema is asynchronous")
  return result.issues === undefined
    ? { input: result.value }
    : {
        problems: result.issues.map(
          ({ path = [], message }) =>
            `${path.map((segment) => String(typeof segment === "object" ? segment.key : segment)).join(".")}: ${message}`
        )
      }
}

/** Returns the request of a submit. */
export const requestOfSubmit = (spec: ProviderSpec, sample: SampleSubmit): RequestSpec => {
  const validated = validateSubmit(spec, sample)
  if ("problems" in validated) throw new Error(validated.problems.join("; "))
  const request: SubmitRequest = {
    model: sample.model,
    input: validated.input,
    idempotencyKey: "key-1",
    webhook: sample.webhook === undefined ? undefined : { url: sample.webhook }
  }
  return submitOf(spec).request(request, settingsOf(spec, sample.settings ?? {}))
}

/** The HTTP status decides about an error that the vendor does not document. */
const documentedError = (
  { errors }: ProviderSpec,
  body: unknown,
  head: ResponseHead
): SubmitOutcome | undefined =>
  readVendorError(errors, body, head, "submit")?.isDocumented === true
    ? decodeSubmitError(errors, body, head)
    : undefined

/**
 * Decodes a response to a submit in the order in which core does.
 *
 * @returns Undefined if the provider leaves the decision to the HTTP status, or if the response is not readable.
 */
export const outcomeOfSubmit = (
  spec: ProviderSpec,
  model: string,
  body: unknown,
  status = 200
): SubmitOutcome | undefined => {
  const submit = submitOf(spec)
  const valid = (submit.response ?? jsonObject)["~standard"].validate(body)
  const head = { status, headers: {} }
  if (valid instanceof Promise || valid.issues !== undefined) return documentedError(spec, body, head)
  const request: SubmitRequest = { model, input: {}, idempotencyKey: "key-1" }
  const outcome = submit.decode(valid.value, head, request)
  if (outcome._tag === "Accepted") return outcome
  if (status < 200 || status >= 300)
    return submit.decodeError?.(valid.value, head, request) ?? documentedError(spec, body, head)
  const error = outcome._tag === "UnknownOutcome" ? documentedError(spec, body, head) : undefined
  return error ?? outcome
}

/** Responses of which none means that the vendor created a task. */
export const hostileBodies: ReadonlyArray<unknown> = [
  null,
  [],
  {},
  "<html><title>502 Bad Gateway</title></html>",
  { data: null },
  { data: {} },
  { data: [] },
  { data: "x" },
  { id: "", task_id: " " },
  { id: 7, task_id: 7, taskId: 7, data: { id: 7, task_id: 7, taskId: 7 } },
  { data: { id: {}, task_id: [], taskId: {} } },
  { error: { message: "no", code: "x" } },
  { error: { message: "no" }, id: "req_1" },
  { code: 200, msg: "success", data: null },
  { code: 10_000, message: "Success", data: null },
  { code: "20000", msg: "ok", data: null }
]
