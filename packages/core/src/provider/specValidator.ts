import { isJsonObject } from "./jsonObject.ts"

/** One problem of a value that is not a valid spec. */
export interface SpecProblem {
  /** The dotted path of the member, such as `query.request`. Empty for the value itself. */
  readonly path: string
  /** What is wrong, as the predicate of a sentence about the member: `must be a function`. */
  readonly message: string
}

/** Reports the problems of a value. */
export type Validator = (value: unknown, path: string, problems: Array<SpecProblem>) => void

/** Checks whether a value is text that is not blank. */
export const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== ""

/** Checks whether a value is a finite number above 0. */
export const isPositive = (value: unknown): boolean =>
  typeof value === "number" && Number.isFinite(value) && value > 0

/** Checks whether a value is a function. */
export const isFunction = (value: unknown): boolean => typeof value === "function"

/** Checks whether a value is a Standard Schema: of any library, and of any copy of it. Some libraries' schemas are functions. */
export const isSchema = (value: unknown): boolean =>
  (isJsonObject(value) || isFunction(value)) &&
  isFunction((value as { readonly "~standard"?: { readonly validate?: unknown } })["~standard"]?.validate)

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`)

/** Reports a problem if a value does not pass a check. */
export const check =
  (isValid: (value: unknown) => boolean, message: string): Validator =>
  (value, path, problems) => {
    if (!isValid(value)) problems.push({ path, message })
  }

/** Allows undefined besides what a validator accepts. */
export const optional =
  (validator: Validator): Validator =>
  (value, path, problems) => {
    if (value !== undefined) validator(value, path, problems)
  }

/** Requires an object. */
export const object = check(isJsonObject, "must be an object")

/** Validates members of an object. Others are allowed. */
export const members =
  (validators: Readonly<Record<string, Validator>>): Validator =>
  (value, path, problems) => {
    if (!isJsonObject(value)) return object(value, path, problems)
    for (const [key, validator] of Object.entries(validators)) {
      validator(value[key], join(path, key), problems)
    }
  }

/** Validates all members of an object. */
export const recordOf =
  (validator: Validator): Validator =>
  (value, path, problems) => {
    if (!isJsonObject(value)) return object(value, path, problems)
    for (const [key, member] of Object.entries(value)) validator(member, join(path, key), problems)
  }
