import { commonInputNames } from "./CommonInput.ts"
import type { CommonInput, CommonInputName } from "./CommonInput.ts"

/** The vendor's name of a common input, and how the vendor's value differs. */
export type InputName =
  | string
  | {
      /** The vendor's name. */
      readonly name: string
      /**
       * `single`: the list has one element, and the vendor takes the element. `list`: the vendor takes a list, to which
       * other inputs with the same name are added. `text`: the vendor takes a number as text. `seconds`: the vendor takes a
       * number with the unit, such as `8s`.
       */
      readonly as: "single" | "list" | "text" | "seconds"
    }

/** The vendor's names of the common inputs that a model supports. */
export type InputNames = Readonly<Partial<Record<CommonInputName, InputName>>>

const toValue = (input: CommonInputName, value: unknown, as: Exclude<InputName, string>["as"]): unknown => {
  if (as === "list") return [value].flat()
  if (as === "text") return String(value)
  if (as === "seconds") return `${String(value)}s`
  const values: ReadonlyArray<unknown> = [value].flat()
  if (values.length > 1)
    throw new Error(`This model supports one of ${input}, but ${values.length} were given.`)
  return values[0]
}

/**
 * Translates common inputs for a model that only has other names for them. Inputs without a name are left out.
 *
 * ```ts
 * renameInputs({ prompt: "A fox", aspectRatio: "16:9" }, { prompt: "prompt", aspectRatio: "ratio" })
 * // { prompt: "A fox", ratio: "16:9" }
 * renameInputs({ firstFrame: a, lastFrame: b }, { firstFrame: { name: "urls", as: "list" }, lastFrame: { name: "urls", as: "list" } })
 * // { urls: [a, b] }
 * ```
 *
 * @param input The common inputs.
 * @param names The vendor's names.
 * @throws {Error} If a list has several elements, or two inputs have the same name, and the vendor takes one.
 */
export const renameInputs = (input: CommonInput, names: InputNames): Record<string, unknown> => {
  const renamed: Record<string, unknown> = {}
  for (const common of commonInputNames) {
    const target = names[common]
    if (target === undefined || input[common] === undefined) continue
    const name = typeof target === "string" ? target : target.name
    const value = typeof target === "string" ? input[common] : toValue(common, input[common], target.as)
    const existing = renamed[name]
    const isList = Array.isArray(existing) && Array.isArray(value)
    // An input that is given must not be lost: the task would cost money and show something else.
    if (existing !== undefined && !isList)
      throw new Error(`The input ${common} cannot be combined with another: this model has one ${name}.`)
    renamed[name] = isList ? [...(existing as ReadonlyArray<unknown>), ...value] : value
  }
  return renamed
}
