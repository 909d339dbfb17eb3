/** A small vendor that exists nowhere else, and a provider for it that is right. */
import * as Schema from "effect/Schema"
import {
  defineProvider,
  queryError,
  errorFromCode,
  followUp,
  tryParseJson,
  percent,
  snapshot
} from "@gentask/core/provider"
import type {
  ErrorDetail,
  ResponseHead,
  QueryOutcome,
  ProviderSpec,
  StatusWords,
  RequestSpec
} from "@gentask/core/provider"

const Optional = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
const Text = Optional(Schema.String)

const Files = Optional(Schema.Array(Schema.Struct({ type: Schema.String, url: Text })))
const Job = Schema.Struct({
  state: Text,
  progress: Optional(Schema.Unknown),
  model: Text,
  input: Text,
  created_at: Optional(Schema.Number),
  finished_at: Optional(Schema.Number),
  result_id: Text,
  files: Files,
  error: Optional(Schema.Struct({ code: Text, message: Text }))
})
export const Body = Schema.Struct({
  code: Optional(Schema.Union([Schema.Number, Schema.String])),
  message: Text,
  retry_after: Optional(Schema.Number),
  job: Optional(Job)
})
export type Body = typeof Body.Type
/** A job, of which anything may be missing. */
export type Job = typeof Job.Type
type Files = typeof Job.Type.files

const strict = { parseOptions: { onExcessProperty: "error" } } as const

export const statuses: StatusWords = {
  queued: ["waiting"],
  running: ["working", "rendering"],
  succeeded: ["done"],
  failed: ["broken"],
  canceled: ["stopped"]
}

const readDetail = ({
  message,
  retry_after: seconds
}: Body): ErrorDetail & { readonly retryAfter?: number } => ({
  message: message ?? null,
  ...(seconds == null ? {} : { retryAfter: seconds * 1000 })
})

const readOutputs = (files: Files) =>
  (files ?? []).map(({ type, url }) => ({
    kind: type === "video" ? ("video" as const) : ("image" as const),
    url: url ?? null
  }))

export const readJob = (job: NonNullable<Body["job"]>, files: Files): QueryOutcome =>
  snapshot({
    rawStatus: job.state,
    progress: percent(job.progress),
    model: job.model,
    prompt: (tryParseJson(job.input) as { prompt?: string } | undefined)?.prompt,
    createdAt: job.created_at,
    completedAt: job.finished_at,
    outputs: readOutputs(files),
    failure: { code: job.error?.code, message: job.error?.message }
  })

export const interpret = (body: Body): QueryOutcome => {
  const code = String(body.code ?? "")
  if (code !== "0") return queryError(errorFromCode(code, readDetail(body)))
  const { job } = body
  if (!job?.state) return queryError({ _tag: "UnexpectedResponse", path: "job.state" })
  if (job.state !== "done" || !job.result_id) return readJob(job, job.files)
  return followUp({
    request: { method: "GET", path: `/v1/results/${encodeURIComponent(job.result_id)}` },
    response: Schema.toStandardSchemaV1(Schema.Struct({ files: Files })),
    decode: ({ files }) => readJob(job, files)
  })
}

export const interpretError = (body: Body, http: ResponseHead): QueryOutcome | undefined =>
  http.status === 429 ? queryError({ _tag: "RateLimited", ...readDetail(body) }) : undefined

export interface Asked {
  readonly id: string
  readonly params: { readonly region?: string }
}

export const request = ({ id, params }: Asked): RequestSpec => ({
  method: "GET",
  path: `/v1/jobs/${encodeURIComponent(id)}`,
  query: { expand: "files", ...params },
  headers: { accept: "application/json" }
})

/** The provider that is right. */
export const orbit = defineProvider({
  specVersion: 1,
  id: "orbit",
  title: "Orbit",
  docs: "https://docs.orbit.example/jobs",
  examples: ["orbit:job-1", "orbit:job-1?region=north"],
  mediaKinds: ["image", "video"],
  statuses,
  endpoints: { main: { baseUrl: "https://api.orbit.example" } },
  defaultEndpoint: "main",
  settings: Schema.toStandardSchemaV1(
    Schema.Struct({ tier: Schema.optionalKey(Schema.Literals(["free", "paid"])) }),
    strict
  ),
  params: Schema.toStandardSchemaV1(Schema.Struct({ region: Schema.optionalKey(Schema.String) }), strict),
  authorize: (_request, { apiKey }) => ({ "x-orbit-key": apiKey }),
  query: {
    request,
    response: Schema.toStandardSchemaV1(Body),
    decode: interpret,
    decodeError: interpretError
  },
  rateLimits: ({ tier }) => [{ requests: tier === "paid" ? 100 : 10, windowMs: 60_000 }],
  pollHint: { minMs: 2000, maxMs: 20_000 },
  resultLifetimeMs: { image: 3_600_000 }
}) as ProviderSpec
