import { providerIdPattern } from "../task/namePatterns.ts"
import type { ProviderSpec } from "./ProviderSpec.ts"

/** The version of the provider contract that this copy of core supports. */
export const specVersion = 1

/** One problem of a value that is not a valid spec. */
export interface SpecProblem {
  /** The dotted path of the member, such as `query.request`. Empty for the value itself. */
  readonly path: string
  /** What is wrong, as the predicate of a sentence about the member: `must be a function`. */
  readonly message: string
}

/** A valid spec, or everything that is wrong with the value. */
export type ParsedProviderSpec =
  | {
      /** The value is a spec. */
      readonly ok: true
      /** The value itself. */
      readonly spec: ProviderSpec
    }
  | {
      /** The value is not a spec. */
      readonly ok: false
      /** All problems. Only that of `specVersion` if the spec has another version of the contract. */
      readonly problems: ReadonlyArray<SpecProblem>
    }

type Members = Readonly<Record<string, unknown>>

/** Reports the problems of a value. */
type Validator = (value: unknown, path: string, problems: Array<SpecProblem>) => void

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== ""

const isPositive = (value: unknown): boolean =>
  typeof value === "number" && Number.isFinite(value) && value > 0

const isFunction = (value: unknown): boolean => typeof value === "function"

/** Schemas of any library, and of any copy of it. Some libraries' schemas are functions. */
const isSchema = (value: unknown): boolean =>
  (isObject(value) || isFunction(value)) &&
  isFunction((value as { readonly "~standard"?: { readonly validate?: unknown } })["~standard"]?.validate)

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`)

const check =
  (isValid: (value: unknown) => boolean, message: string): Validator =>
  (value, path, problems) => {
    if (!isValid(value)) problems.push({ path, message })
  }

const optional =
  (validator: Validator): Validator =>
  (value, path, problems) => {
    if (value !== undefined) validator(value, path, problems)
  }

const object = check(isObject, "must be an object")

const members =
  (validators: Readonly<Record<string, Validator>>): Validator =>
  (value, path, problems) => {
    if (!isObject(value)) return object(value, path, problems)
    for (const [key, validator] of Object.entries(validators)) {
      validator(value[key], join(path, key), problems)
    }
  }

const recordOf =
  (validator: Validator): Validator =>
  (value, path, problems) => {
    if (!isObject(value)) return object(value, path, problems)
    for (const [key, member] of Object.entries(value)) validator(member, join(path, key), problems)
  }

const text = check(isText, "must be a non-empty string")
const textArray = check(
  (value) => Array.isArray(value) && value.every(isText),
  "must be an array of non-empty strings"
)
const duration = check(isPositive, "must be a positive number of milliseconds")
const pureFunction = check(isFunction, "must be a function")
const schema = check(isSchema, "must be a Standard Schema")
const id = check(
  (value) => typeof value === "string" && providerIdPattern.test(value),
  "must start with a lowercase letter and contain only lowercase letters, digits and hyphens"
)

const spec = members({
  specVersion: check((value) => value === specVersion, `must be the number ${specVersion}`),
  id,
  title: text,
  docs: text,
  examples: optional(textArray),
  mediaKinds: optional(textArray),
  statuses: optional(recordOf(optional(textArray))),
  endpoints: recordOf(members({ baseUrl: text, docs: optional(text), settings: optional(object) })),
  defaultEndpoint: optional(text),
  settings: optional(schema),
  params: optional(schema),
  authorize: optional(pureFunction),
  query: members({
    request: pureFunction,
    response: schema,
    decode: pureFunction,
    decodeError: optional(pureFunction)
  }),
  rateLimits: optional(pureFunction),
  pollHint: optional(members({ minMs: duration, maxMs: duration })),
  resultLifetimeMs: optional(recordOf(optional(duration)))
})

const versionProblem = (version: number): SpecProblem => ({
  path: "specVersion",
  message:
    `is ${version}, but this version of gentask supports version ${specVersion} of the provider contract. ` +
    `Update ${version > specVersion ? "gentask" : "the provider"}`
})

/**
 * Checks whether a value, such as the default export of a plugin, is a provider's spec. It validates the shape of every
 * member: whether texts are texts, functions are functions, and schemas are schemas. Unknown members are allowed.
 *
 * ```ts
 * const parsed = parseProviderSpec(module.default)
 * if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join("; "))
 * const { spec } = parsed
 * ```
 *
 * @param value Any value.
 * @returns The same value as a spec, or all of its problems.
 */
export const parseProviderSpec = (value: unknown): ParsedProviderSpec => {
  const version = isObject(value) ? value["specVersion"] : undefined
  if (typeof version === "number" && version !== specVersion) {
    return { ok: false, problems: [versionProblem(version)] }
  }
  const problems: Array<SpecProblem> = []
  spec(value, "", problems)
  return problems.length === 0 ? { ok: true, spec: value as ProviderSpec } : { ok: false, problems }
}
