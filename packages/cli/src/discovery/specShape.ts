/** What a default export must be like to be used as a provider: only its outside, since the inside is the provider's. */
import * as z from "zod"

const text = z.string().min(1)
const pure = z.custom((value) => typeof value === "function", "it must be a function")

/** Any library's schema, and of any copy of it. */
const schema = z.custom(
  (value) =>
    typeof (value as { readonly "~standard"?: { readonly validate?: unknown } } | undefined)?.["~standard"]
      ?.validate === "function",
  "it must be a Standard Schema"
)

const spec = z.looseObject({
  specVersion: z.literal(1),
  id: text,
  title: text,
  docs: text,
  examples: z.array(text).optional(),
  makes: z.array(text).optional(),
  statuses: z.record(z.string(), z.array(z.string()).optional()).optional(),
  endpoints: z.record(z.string(), z.looseObject({ baseUrl: text, docs: text.optional() })),
  defaultEndpoint: text.optional(),
  settings: schema.optional(),
  hints: schema.optional(),
  authorize: pure.optional(),
  query: z.looseObject({
    request: pure,
    response: schema,
    interpret: pure,
    interpretError: pure.optional()
  }),
  limits: pure.optional(),
  pollHint: z.looseObject({ min: z.number(), max: z.number() }).optional(),
  resultLifetime: z.record(z.string(), z.number().optional()).optional()
})

/** The first thing that is wrong with what should be a spec, such as ` at query: …`; undefined if nothing is. */
export const mistakeIn = (value: unknown): string | undefined => {
  const [issue] = spec.safeParse(value).error?.issues ?? []
  if (issue === undefined) return undefined
  const place = issue.path.map(String).join(".")
  return `${place === "" ? "" : ` at ${place}`}: ${issue.message}`
}
