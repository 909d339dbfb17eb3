/** A vendor of the tests: a provider that is right, and what it answers. */
import * as Schema from "effect/Schema"
import { queryError } from "@gentask/core/provider"
import type { QueryOutcome, ProviderSpec, StatusWords } from "@gentask/core/provider"
import type { ConformanceOptions, Recording } from "@gentask/testing"

/** A provider, and recordings without a meaning. */
export interface Vendor {
  readonly name: string
  readonly spec: ProviderSpec
  readonly answers: Readonly<Record<string, Partial<Recording> & Pick<Recording, "answer">>>
  readonly options?: ConformanceOptions
}

/** A member that may be null or missing. */
export const maybe = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
/** A schema of some members, which lets others through. */
export const struct = (fields: Schema.Struct.Fields) =>
  Schema.toStandardSchemaV1(Schema.Struct(fields) as unknown as Schema.Codec<any>)
/** A result. */
export const url = "https://files.vendor.example/1.png"
/** An answer that is not understood. */
export const unexpected = (path: string): QueryOutcome => queryError({ _tag: "UnexpectedResponse", path })

/** A spec with these words and this query. */
export const specOf = (
  statuses: StatusWords,
  query: Partial<ProviderSpec["query"]>,
  rest: Partial<ProviderSpec> = {}
): ProviderSpec => ({
  specVersion: 1,
  id: "vendor",
  title: "Vendor",
  docs: "https://docs.vendor.example",
  examples: ["vendor:1"],
  mediaKinds: ["image"],
  statuses,
  endpoints: { main: { baseUrl: "https://api.vendor.example" } },
  query: {
    request: ({ id }) => ({ method: "GET", path: "/task", query: { id } }),
    response: Schema.toStandardSchemaV1(Schema.Unknown),
    decode: () => unexpected(""),
    ...query
  },
  ...rest
})

/** The request that it documents, unless it says otherwise. */
export const request = { method: "GET", url: "https://api.vendor.example/task?id=1" } as const
