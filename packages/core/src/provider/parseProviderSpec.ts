import { providerIdPattern } from "../task/namePatterns.ts"
import type { SubmitMeaning } from "./codeTable.ts"
import { hostPattern } from "./hostName.ts"
import { isJsonObject } from "./jsonObject.ts"
import type { ProviderSpec, Requirement } from "./ProviderSpec.ts"
import {
  check,
  isFunction,
  isPositive,
  isSchema,
  isText,
  members,
  object,
  optional,
  recordOf
} from "./specValidator.ts"
import type { SpecProblem, Validator } from "./specValidator.ts"

/** The version of the provider contract that this copy of core supports. */
export const specVersion = 1

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

const oneOf = (names: ReadonlyArray<string>): Validator =>
  check(
    (value) => names.includes(value as string),
    `must be ${names.map((name) => `"${name}"`).join(" or ")}`
  )

/** What this copy of core provides. A provider that requires anything else is rejected. */
const provided: ReadonlyArray<Requirement> = ["hosts", "optional-key", "key-exchange", "nonce", "bodies"]

const requirements: Validator = (value, path, problems) => {
  textArray(value, path, problems)
  if (!Array.isArray(value)) return
  for (const name of value) {
    if (isText(name) && !(provided as ReadonlyArray<string>).includes(name))
      problems.push({
        path,
        message: `contains "${name}", which this version of gentask does not support. Update gentask`
      })
  }
}

const hosts = check(
  (value) =>
    Array.isArray(value) && value.every((host) => typeof host === "string" && hostPattern.test(host)),
  "must be an array of lowercase host names, or of host names after `*.`"
)

const decoded = {
  request: pureFunction,
  response: optional(schema),
  decode: pureFunction
}

const keyExchange = members(decoded)

const model = members({
  mediaKind: text,
  supportedInputs: check(Array.isArray, "must be an array"),
  input: schema,
  docs: optional(text)
})

/** A pattern with one of these flags remembers where it matched, so that it may not match the same code again. */
const isPattern = (value: unknown): boolean => value instanceof RegExp && !value.global && !value.sticky

const submitMeanings: ReadonlyArray<unknown> = [
  undefined,
  "rejected",
  "retry-later",
  "retry-after-task-end",
  "unknown"
] satisfies ReadonlyArray<SubmitMeaning | undefined>

const isCodeGroup = (value: unknown): boolean =>
  isJsonObject(value) &&
  Array.isArray(value["codes"]) &&
  value["codes"].every((code) => typeof code === "string" || typeof code === "number" || isPattern(code)) &&
  isText(value["error"]) !== isJsonObject(value["failure"]) &&
  submitMeanings.includes(value["submit"])

const codeGroups = check(
  (value) => Array.isArray(value) && value.every(isCodeGroup),
  "must be an array of groups, which have `codes`, either an `error` or a `failure`, and possibly a `submit`"
)

const operations = {
  query: members({
    ...decoded,
    decodeError: optional(pureFunction),
    completesOnSubmit: optional(pureFunction)
  }),
  submit: optional(
    members({
      ...decoded,
      decodeError: optional(pureFunction),
      models: optional(recordOf(model)),
      supportedInputs: pureFunction,
      toInput: pureFunction,
      idempotency: optional(pureFunction),
      rateLimits: optional(pureFunction),
      maxActiveTasks: optional(pureFunction)
    })
  ),
  cancel: optional(
    members({
      request: pureFunction,
      response: optional(schema),
      decode: optional(pureFunction),
      decodeError: optional(pureFunction),
      deletesResults: optional(check((value) => typeof value === "boolean", "must be true or false"))
    })
  ),
  upload: optional(
    members({
      ...decoded,
      maxBytes: optional(check(isPositive, "must be a positive number of bytes")),
      mediaTypes: optional(textArray)
    })
  ),
  webhook: optional(
    members({
      keys: optional(keyExchange),
      verify: optional(pureFunction),
      response: optional(schema),
      decode: pureFunction
    })
  ),
  balance: optional(members(decoded)),
  recover: optional(
    members({ ...decoded, decodeError: optional(pureFunction), authorize: optional(pureFunction) })
  )
}

const spec = members({
  specVersion: check((value) => value === specVersion, `must be the number ${specVersion}`),
  id,
  title: text,
  docs: text,
  examples: optional(textArray),
  mediaKinds: optional(textArray),
  statuses: optional(recordOf(optional(textArray))),
  endpoints: recordOf(
    members({ baseUrl: text, docs: optional(text), settings: optional(object), hosts: optional(hosts) })
  ),
  defaultEndpoint: optional(text),
  settings: optional(schema),
  params: optional(schema),
  authorize: optional(pureFunction),
  requires: optional(requirements),
  apiKey: optional(oneOf(["required", "optional", "none"])),
  keyExchange: optional(keyExchange),
  errors: optional(members({ read: optional(pureFunction), codes: optional(codeGroups) })),
  ...operations,
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
  const version = isJsonObject(value) ? value["specVersion"] : undefined
  if (typeof version === "number" && version !== specVersion) {
    return { ok: false, problems: [versionProblem(version)] }
  }
  const problems: Array<SpecProblem> = []
  spec(value, "", problems)
  return problems.length === 0 ? { ok: true, spec: value as ProviderSpec } : { ok: false, problems }
}
