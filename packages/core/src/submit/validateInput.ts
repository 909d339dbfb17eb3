import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { InputProblem } from "../account/InputProblem.ts"
import { commonInputNames } from "../provider/CommonInput.ts"
import type { CommonInputName } from "../provider/CommonInput.ts"
import type { ModelSpec } from "../provider/ModelSpec.ts"
import { valueAt } from "../provider/valueAt.ts"
import { closestName } from "../task/closestName.ts"
import { fieldNamesOf } from "./modelFields.ts"

const pathOf = (path: StandardSchemaV1.Issue["path"]): string =>
  (path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment)).join(".")

/** Returns the common input that sets a field of another name. */
const commonInputOf = ({ names = {} }: ModelSpec, path: string): CommonInputName | undefined =>
  commonInputNames.find((common) => {
    const target = names[common]
    const name = typeof target === "string" ? target : target?.name
    return name !== undefined && name !== common && path.split(".")[0] === name
  })

const isUnknownMember = (issue: StandardSchemaV1.Issue): boolean =>
  (issue as { readonly code?: unknown }).code === "unrecognized_keys" && pathOf(issue.path) === ""

/** Validates an input with a model's schema. Names the closest field for each unknown one. */
export const validateInput = (
  model: ModelSpec,
  input: Readonly<Record<string, unknown>>
): { readonly value: Readonly<Record<string, unknown>>; readonly problems: ReadonlyArray<InputProblem> } => {
  const result = model.input["~standard"].validate(input)
  if (result instanceof Promise) {
    result.catch(() => undefined)
    return { value: input, problems: [{ path: "", message: "The model's schema validates asynchronously" }] }
  }
  if (result.issues === undefined) return { value: result.value, problems: [] }
  const known = fieldNamesOf(model)
  const unknown = known === undefined ? [] : Object.keys(input).filter((name) => !known.includes(name))
  const unknownProblems = unknown.map((name) => {
    const closest = closestName(name, known ?? [])
    return {
      path: name,
      message: `Unknown field.${closest === undefined ? "" : ` Did you mean ${closest}?`}`
    }
  })
  const others = result.issues
    .filter((issue) => known === undefined || !isUnknownMember(issue))
    .map((issue) => {
      const path = pathOf(issue.path)
      const isMissing = path !== "" && valueAt(input, path) === undefined
      const common = { path, commonInput: commonInputOf(model, path) }
      return isMissing
        ? ({ ...common, code: "missing", message: "This field is required" } as const)
        : { ...common, message: issue.message }
    })
  return { value: input, problems: [...unknownProblems, ...others] }
}
