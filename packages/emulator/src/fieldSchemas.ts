/** Schemas for single fields, shared by the parts of a task script. */
import { validateHeaderName, validateHeaderValue } from "node:http"
import * as z from "zod"

/** The names in quotes, separated by commas. */
export const quoteAll = (names: readonly unknown[]): string =>
  names.map((name) => `"${String(name)}"`).join(", ")

/** An object schema that rejects unknown fields. The error lists the known ones. */
export const strictObject = <Shape extends z.core.$ZodShape>(
  shape: Shape
): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown field ${quoteAll(issue.keys)}: the fields are ${quoteAll(Object.keys(shape))}`
        : undefined
  })

/** The error of a discriminated union whose discriminator has an unknown value. */
export const unknownDiscriminator: z.core.$ZodErrorMap<
  z.core.$ZodIssueInvalidUnion | z.core.$ZodIssueInvalidType
> = (issue) =>
  issue.code === "invalid_union" ? `expected one of ${quoteAll(issue["options"] as unknown[])}` : undefined

/** A string that is not empty. It is well-formed, since it may have to be percent-encoded. */
export const nonEmptyString = z
  .string()
  .min(1)
  .refine((text) => text.isWellFormed(), "expected a string without lone surrogates")

/** A duration in milliseconds. */
export const milliseconds = z.number().min(0)

/** A number of bytes. */
export const byteCount = z.int().min(0)

/** A duration in whole seconds. */
export const wholeSeconds = z.int().min(0)

const expectedCount = 'expected an integer of at least 1, or "forever"'

/** How many times something happens. */
export const repeatCount = z.union([z.int().min(1, expectedCount), z.literal("forever")], expectedCount)

/** A vendor's error code. */
export const errorCode = z.union([z.number(), nonEmptyString], {
  error: "expected a number or a non-empty string"
})

const isValid = (validate: () => void): boolean => {
  try {
    validate()
    return true
  } catch {
    return false
  }
}

/** Whether HTTP allows a string as the value of a header. */
export const isHeaderValue = (value: string): boolean => isValid(() => validateHeaderValue("x", value))

/** The value of an HTTP header. */
export const headerValue = z.string().refine(isHeaderValue, "expected a valid HTTP header value")

/** HTTP headers by name. */
export const headerRecord = z.record(
  z.string().refine((name) => isValid(() => validateHeaderName(name))),
  headerValue,
  { error: (issue) => (issue.code === "invalid_key" ? "expected a valid HTTP header name" : undefined) }
)
