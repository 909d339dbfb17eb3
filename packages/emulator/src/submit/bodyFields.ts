/** Builds the schemas of request bodies in a compact form, for tables of models. */
import * as z from "zod"
import { toDotPath } from "zod/v4/core"

/** Schemas of fields by name. */
export type Fields = Readonly<Record<string, z.ZodType>>

/** A rule between fields: returns what is wrong with a body, or undefined. */
export type BodyRule = (body: Readonly<Record<string, unknown>>) => string | undefined

/** The body of a model: which fields it requires and which it allows. Other fields are ignored. */
export interface BodyFields {
  /** The required fields. */
  readonly required: Fields
  /** The optional fields. */
  readonly optional?: Fields
  /** The rules between fields. */
  readonly rules?: readonly BodyRule[]
}

/** A text of at most `max` characters that is not empty. */
export const text = (max = Number.POSITIVE_INFINITY, min = 1): z.ZodType => z.string().min(min).max(max)

/** One of these texts. */
export const oneOf = (...values: readonly string[]): z.ZodType => z.enum(values)

/** One of these numbers. */
export const oneOfNumbers = (...values: readonly number[]): z.ZodType => z.literal([...values])

/** An integer in this range. */
export const integer = (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): z.ZodType =>
  z.int().min(min).max(max)

/** A number in this range. */
export const number = (min: number, max: number): z.ZodType => z.number().min(min).max(max)

/** A boolean. */
export const flag: z.ZodType = z.boolean()

/** An `http` or `https` link. */
export const link: z.ZodType = z.string().regex(/^https?:\/\//, "expected a URL")

/** A link, or an asset of the vendor as `asset://{id}`. */
export const linkOrAsset: z.ZodType = z.string().regex(/^(?:https?|asset):\/\//, "expected a URL")

/** A list of `min` to `max` items. */
export const listOf = (item: z.ZodType, max = Number.POSITIVE_INFINITY, min = 0): z.ZodType =>
  z.array(item).min(min).max(max)

/** A list of `min` to `max` links. */
export const links = (max?: number, min?: number): z.ZodType => listOf(link, max, min)

/** Whether a field has a value other than an empty list or text. */
export const hasValue = (body: Readonly<Record<string, unknown>>, name: string): boolean => {
  const value = body[name]
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== ""
}

/** A rule that allows the fields of one of two groups only. */
export const exclusive =
  (one: readonly string[], other: readonly string[]): BodyRule =>
  (body) =>
    one.some((name) => hasValue(body, name)) && other.some((name) => hasValue(body, name))
      ? `${one.join(", ")} and ${other.join(", ")} cannot be used together`
      : undefined

/** A rule that requires exactly one of two fields. */
export const eitherOf =
  (one: string, other: string): BodyRule =>
  (body) =>
    hasValue(body, one) === hasValue(body, other)
      ? `exactly one of ${one} and ${other} is required`
      : undefined

const schemas = new WeakMap<BodyFields, z.ZodType>()

const schemaOf = (fields: BodyFields): z.ZodType => {
  const cached = schemas.get(fields)
  if (cached !== undefined) return cached
  const optional = Object.entries(fields.optional ?? {}).map(([name, schema]) => [name, schema.optional()])
  const schema = z.looseObject({ ...fields.required, ...Object.fromEntries(optional) })
  schemas.set(fields, schema)
  return schema
}

/** Returns what is wrong with a body, or undefined if it is valid. */
export const problemIn = (
  body: Readonly<Record<string, unknown>>,
  fields: BodyFields
): string | undefined => {
  const issue = schemaOf(fields).safeParse(body).error?.issues[0]
  if (issue !== undefined) {
    const path = toDotPath(issue.path)
    return body[String(issue.path[0])] === undefined ? `${path} is required` : `${path}: ${issue.message}`
  }
  for (const rule of fields.rules ?? []) {
    const problem = rule(body)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** A field's text, or undefined if it is not a text. */
export const textIn = (body: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = body[name]
  return typeof value === "string" ? value : undefined
}

/** A prompt that a task can have: none if it is absent. */
export const promptIn = (body: Readonly<Record<string, unknown>>): { readonly prompt?: string } => {
  const prompt = textIn(body, "prompt")
  return prompt === undefined ? {} : { prompt }
}

/** Returns a member of a table. Undefined for any other name, including those that every object inherits. */
export const lookUp = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined
