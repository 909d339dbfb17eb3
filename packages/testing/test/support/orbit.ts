/** A valid provider for a made-up vendor. */
import {
  defineProvider,
  errorFromCode,
  followUp,
  tryParseJson,
  percent,
  queryError,
  snapshot
} from "@gentask/core/provider"
import type {
  ProviderSpec,
  QueryOutcome,
  RequestSpec,
  ResponseHead,
  StatusWords,
  TaskKey
} from "@gentask/core/provider"
import * as z from "zod"

const text = z.string().nullish()

const Files = z.array(z.object({ type: z.string(), url: text })).nullish()
const Job = z.object({
  state: text,
  progress: z.unknown().optional(),
  model: text,
  input: text,
  created_at: z.number().nullish(),
  finished_at: z.number().nullish(),
  result_id: text,
  files: Files,
  error: z.object({ code: text, message: text }).nullish()
})
export type Job = z.infer<typeof Job>

export const Body = z.object({
  code: z.union([z.number(), z.string()]).nullish(),
  message: text,
  retry_after: z.number().nullish(),
  job: Job.nullish()
})
export type Body = z.infer<typeof Body>

export const statuses: StatusWords = {
  queued: ["waiting"],
  running: ["working", "rendering"],
  succeeded: ["done"],
  failed: ["broken"],
  canceled: ["stopped"]
}

const toSnapshot = (job: Job, files: z.infer<typeof Files>): QueryOutcome =>
  snapshot({
    rawStatus: job.state,
    progress: percent(job.progress),
    model: job.model,
    prompt: (tryParseJson(job.input) as { prompt?: string } | undefined)?.prompt,
    createdAt: job.created_at,
    completedAt: job.finished_at,
    outputs: files?.map(({ type, url }) => ({ kind: type === "video" ? "video" : "image", url })),
    failure: job.error
  })

export const decode = ({ code, message, job }: Body): QueryOutcome => {
  if (String(code) !== "0") return queryError(errorFromCode(code ?? "", { message }))
  if (!job?.state) return queryError({ _tag: "UnexpectedResponse", path: "job.state" })
  if (job.state !== "done" || !job.result_id) return toSnapshot(job, job.files)
  return followUp({
    request: { method: "GET", path: `/v1/results/${encodeURIComponent(job.result_id)}` },
    response: z.object({ files: Files }),
    decode: ({ files }) => toSnapshot(job, files)
  })
}

export const decodeError = (
  { message, retry_after: seconds }: Body,
  { status }: ResponseHead
): QueryOutcome | undefined =>
  status === 429
    ? queryError({ _tag: "RateLimited", message, retryAfterMs: seconds == null ? undefined : seconds * 1000 })
    : undefined

export type Task = TaskKey<{ readonly region?: string | undefined }>

export const request = ({ id, params }: Task): RequestSpec => ({
  method: "GET",
  path: `/v1/jobs/${encodeURIComponent(id)}`,
  query: { expand: "files", ...(params as Readonly<Record<string, string>>) },
  headers: { accept: "application/json" }
})

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
  settings: z.strictObject({ tier: z.enum(["free", "paid"]).optional() }),
  params: z.strictObject({ region: z.string().optional() }),
  authorize: (_request, { apiKey }) => ({ "x-orbit-key": apiKey }),
  query: { request, response: Body, decode, decodeError },
  rateLimits: ({ tier }) => [{ requests: tier === "paid" ? 100 : 10, windowMs: 60_000 }],
  pollHint: { minMs: 2000, maxMs: 20_000 },
  resultLifetimeMs: { image: 3_600_000 }
}) as ProviderSpec
