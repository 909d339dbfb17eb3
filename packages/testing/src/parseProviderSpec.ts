import type { ProviderSpec } from "@gentask/core/provider"

/** A part of a spec that does not fit the contract. */
export interface SpecProblem {
  /** The path of the member, such as `query.decode`. Empty for the spec itself. */
  readonly path: string
  /** What is wrong with it. */
  readonly message: string
}

/** A spec of the right shape, or its problems. */
export type ParsedProviderSpec =
  | { readonly ok: true; readonly spec: ProviderSpec }
  | { readonly ok: false; readonly problems: ReadonlyArray<SpecProblem> }

type Members = Readonly<Record<string, unknown>>
type Rule = readonly [name: string, isValid: (value: unknown) => boolean, expected: string]

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const isFunction = (value: unknown): boolean => typeof value === "function"
const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== ""
const isSchema = (value: unknown): boolean =>
  (isObject(value) || isFunction(value)) &&
  isFunction((value as { readonly "~standard"?: { readonly validate?: unknown } })["~standard"]?.validate)
const optional = (isValid: Rule[1]) => (value: unknown) => value === undefined || isValid(value)
const isEndpoints = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length > 0 &&
  Object.values(value).every((endpoint) => isObject(endpoint) && isText(endpoint["baseUrl"]))

const specRules: ReadonlyArray<Rule> = [
  ["specVersion", (value) => value === 1, "the number 1"],
  [
    "id",
    (value) => typeof value === "string" && /^[a-z][a-z0-9-]*$/.test(value),
    "lowercase letters, digits and hyphens"
  ],
  ["title", isText, "a string"],
  ["docs", isText, "a string"],
  ["endpoints", isEndpoints, "an object of endpoints, each with a baseUrl"],
  ["query", isObject, "an object"],
  ["settings", optional(isSchema), "a Standard Schema"],
  ["params", optional(isSchema), "a Standard Schema"],
  ["authorize", optional(isFunction), "a function"],
  ["rateLimits", optional(isFunction), "a function"]
]
const queryRules: ReadonlyArray<Rule> = [
  ["request", isFunction, "a function"],
  ["response", isSchema, "a Standard Schema"],
  ["decode", isFunction, "a function"],
  ["decodeError", optional(isFunction), "a function"]
]

const problemsOf = (value: Members, rules: ReadonlyArray<Rule>, prefix = ""): ReadonlyArray<SpecProblem> =>
  rules
    .filter(([name, isValid]) => !isValid(value[name]))
    .map(([name, , expected]) => ({ path: `${prefix}${name}`, message: `expected ${expected}` }))

/** Checks the shape of a spec. It is replaced by `parseProviderSpec` of `@gentask/core/provider` once that exists. */
export const parseProviderSpec = (value: unknown): ParsedProviderSpec => {
  if (!isObject(value)) return { ok: false, problems: [{ path: "", message: "expected an object" }] }
  const problems = [
    ...problemsOf(value, specRules),
    ...(isObject(value["query"]) ? problemsOf(value["query"], queryRules, "query.") : [])
  ]
  return problems.length === 0
    ? { ok: true, spec: value as unknown as ProviderSpec }
    : { ok: false, problems }
}
