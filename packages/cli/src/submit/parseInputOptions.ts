import type { InputProblem } from "@gentask/core"
import type { JsonSchema } from "@gentask/core/internal/submit"
import { errorMessage } from "../output/sanitize.ts"
import { convertText, isMediaField, itemsOf } from "./convertValue.ts"
import { mediaSource } from "./mediaSource.ts"
import { readTextFile } from "./readText.ts"

/** The vendor's own input, and what is wrong with the options that set it. */
export interface ParsedInput {
  readonly input: Readonly<Record<string, unknown>>
  readonly problems: ReadonlyArray<InputProblem>
}

interface Assignment {
  readonly key: string
  readonly kind: "text" | "json" | "file"
  readonly value: string
}

const parseAssignment = (option: string): Assignment | undefined => {
  const [, key, operator, value = ""] = /^([^=:]+)(:=|=)(.*)$/s.exec(option) ?? []
  if (key === undefined) return undefined
  if (operator === ":=") return { key, kind: "json", value }
  return value.startsWith("@") ? { key, kind: "file", value: value.slice(1) } : { key, kind: "text", value }
}

/** @throws {Error} If the value cannot be read. The message is a part of a sentence. */
const readValue = async ({ kind, value }: Assignment, schema: JsonSchema): Promise<unknown> => {
  const isMedia = isMediaField(schema)
  if (kind === "json") {
    try {
      return JSON.parse(value) as unknown
    } catch (error) {
      throw new Error(`Invalid JSON after := (${errorMessage(error)}). For text, use = instead`, {
        cause: error
      })
    }
  }
  if (kind === "file") return isMedia ? { path: value } : readTextFile(value)
  return isMedia ? mediaSource(value) : convertText(value, itemsOf(schema) ?? schema)
}

/**
 * Parses the options `--input`: `key=value`, `key:=json` and `key=@file`. Repeated keys become a list.
 *
 * @param schema The JSON Schema of the model's input, if it is known.
 */
export const parseInputOptions = async (
  options: ReadonlyArray<string>,
  schema: JsonSchema | undefined
): Promise<ParsedInput> => {
  const values = new Map<string, Array<unknown>>()
  const lists = new Set<string>()
  const problems: Array<InputProblem> = []
  for (const option of options) {
    const assignment = parseAssignment(option)
    if (assignment === undefined) {
      problems.push({ path: option, message: "Expected key=value, key:=json or key=@file" })
      continue
    }
    const { key, kind } = assignment
    const properties = schema?.properties ?? {}
    const field = Object.hasOwn(properties, key) ? (properties[key] ?? {}) : {}
    try {
      const value = await readValue(assignment, field)
      values.set(key, [
        ...(values.get(key) ?? []),
        ...(kind === "json" && Array.isArray(value) ? value : [value])
      ])
      if (itemsOf(field) !== undefined || (kind === "json" && Array.isArray(value))) lists.add(key)
    } catch (error) {
      problems.push({ path: key, message: errorMessage(error) })
    }
  }
  const input = [...values].map(
    ([key, list]) => [key, list.length > 1 || lists.has(key) ? list : list[0]] as const
  )
  return { input: Object.fromEntries(input), problems }
}
