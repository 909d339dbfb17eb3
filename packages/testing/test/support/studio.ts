/** A valid provider with every operation: the query of orbit, and everything else. */
import { createHmac, timingSafeEqual } from "node:crypto"
import {
  accepted,
  isMediaInput,
  rejected,
  renameInputs,
  retryable,
  unknownOutcome
} from "@gentask/core/provider"
import type {
  ErrorReason,
  InputNames,
  MediaInput,
  ModelTable,
  ProviderSpec,
  ResponseHead,
  SubmitOperation,
  SubmitOutcome,
  SubmitRequest
} from "@gentask/core/provider"
import * as z from "zod"
import { orbit } from "./orbit.ts"

const text = z.string().nullish().catch(null)
const media: z.ZodType<MediaInput, MediaInput> = z.any().refine(isMediaInput, "must be a URL or a file")

export const names: Readonly<Record<string, InputNames>> = {
  "comet-1": { prompt: "prompt", images: "image_urls", aspectRatio: "ratio", seed: "seed" },
  "comet-video": { prompt: "prompt", firstFrame: "first_frame", duration: "seconds" }
}

export const models: ModelTable = {
  "comet-1": {
    mediaKind: "image",
    supportedInputs: ["prompt", "images", "aspectRatio", "seed"],
    input: z.strictObject({
      prompt: z.string(),
      image_urls: z.array(media).optional(),
      ratio: z.enum(["16:9", "1:1"]).optional(),
      seed: z.number().optional(),
      style: z.string().optional()
    })
  },
  "comet-video": {
    mediaKind: "video",
    supportedInputs: ["prompt", "firstFrame", "duration"],
    input: z.strictObject({
      prompt: z.string(),
      first_frame: media.optional(),
      seconds: z.union([z.literal(5), z.literal(10)]).optional()
    }),
    docs: "https://docs.orbit.example/comet-video"
  }
}

export const SubmitBody = z.object({
  code: z.union([z.number(), z.string()]).nullish().catch(null),
  message: text,
  job: z
    .object({ id: z.string().min(1).nullish().catch(null), state: text })
    .nullish()
    .catch(null)
})
export type SubmitBody = z.infer<typeof SubmitBody>

const reasonOf = ({ code, message }: SubmitBody, path: string): ErrorReason => ({
  _tag: "UnexpectedResponse",
  path,
  message,
  code: code === null || code === undefined ? undefined : String(code)
})

export const decodeSubmitError = (body: SubmitBody, { status }: ResponseHead): SubmitOutcome | undefined => {
  const { code, message } = body
  if (String(code) === "4001" && status < 500)
    return rejected({ _tag: "InvalidRequest", code: "4001", message })
  return String(code) === "4290" && status === 429
    ? retryable({ _tag: "RateLimited", code: "4290", message }, "after-task-end")
    : undefined
}

export const decodeSubmitBody = (body: SubmitBody, head: ResponseHead): SubmitOutcome => {
  const id = body.job?.id
  if (id !== null && id !== undefined)
    return accepted({ id, params: { region: "north" } }, { rawStatus: body.job?.state })
  return decodeSubmitError(body, head) ?? unknownOutcome(reasonOf(body, "job.id"))
}

export const describeSubmit = ({ model, input, webhook }: SubmitRequest) => ({
  method: "POST" as const,
  path: `/v1/models/${encodeURIComponent(model)}/jobs`,
  body: { ...input, ...(webhook === undefined ? {} : { callback: webhook.url }) }
})

export const submit: SubmitOperation<unknown, SubmitBody> = {
  models,
  supportedInputs: () => ["prompt"],
  toInput: (input, model) =>
    renameInputs(input, (Object.hasOwn(names, model) ? names[model] : undefined) ?? { prompt: "prompt" }),
  request: describeSubmit,
  response: SubmitBody,
  decode: decodeSubmitBody,
  decodeError: decodeSubmitError,
  idempotency: () => ({
    header: "idempotency-key",
    kind: "replay",
    docs: "https://docs.orbit.example/idempotency"
  }),
  rateLimits: () => [{ requests: 5, windowMs: 1000 }],
  maxActiveTasks: () => 3
}

export const cancel: NonNullable<ProviderSpec["cancel"]> = {
  request: ({ id }) => ({ method: "DELETE", path: `/v1/jobs/${encodeURIComponent(id)}` }),
  response: SubmitBody,
  decode: (body: SubmitBody) => {
    if (body.job?.state === "stopped") return { _tag: "Canceled" }
    return body.job?.state === "done"
      ? { _tag: "TooLate", message: body.message }
      : { _tag: "Error", reason: reasonOf(body, "job.state") }
  }
}

const Uploaded = z.object({ put_url: text, url: text })

export const upload: NonNullable<ProviderSpec["upload"]> = {
  request: ({ name, mediaType }) => ({
    method: "POST",
    host: "files.orbit.example",
    path: "/v1/files",
    body: { name, type: mediaType }
  }),
  response: Uploaded,
  decode: ({ put_url: put, url }: z.infer<typeof Uploaded>, _head, file) =>
    put && url
      ? {
          _tag: "SendTo",
          request: { method: "PUT", url: put, headers: { "x-file-type": file.mediaType }, file },
          reference: url
        }
      : { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "url" } },
  maxBytes: 1_000_000,
  mediaTypes: ["image/*", "video/mp4"]
}

const Balance = z.object({
  credits: z.number().nullish().catch(null),
  used: z.number().nullish().catch(null)
})

const amount = (value: number | null | undefined) =>
  typeof value === "number" ? { amount: value, unit: "credits" } : null

export const balance: NonNullable<ProviderSpec["balance"]> = {
  request: () => ({ method: "GET", path: "/v1/balance" }),
  response: Balance,
  decode: ({ credits, used }: z.infer<typeof Balance>) =>
    amount(credits) === null
      ? { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "credits" } }
      : { _tag: "Balance", available: amount(credits), used: amount(used) }
}

const Listed = z.object({
  jobs: z.array(
    z.object({ id: text, model: text, prompt: text, created_at: z.number().nullish().catch(null) })
  ),
  has_more: z.boolean().nullish().catch(null)
})
export type Listed = z.infer<typeof Listed>

export const recover: NonNullable<ProviderSpec["recover"]> = {
  request: ({ submittedAt }) => ({
    method: "GET",
    path: "/v1/jobs",
    query: { since: submittedAt.toISOString() }
  }),
  authorize: (_request, { apiKey }) => ({ "x-orbit-console": apiKey }),
  response: Listed,
  decode: ({ jobs, has_more: hasMore }: Listed) => ({
    _tag: "Tasks",
    tasks: jobs.flatMap(({ id, model, prompt, created_at: createdAt }) =>
      id ? [{ id, params: { region: "north" }, model, prompt, createdAt }] : []
    ),
    isComplete: hasMore === false && jobs.every(({ id }) => id)
  })
}

const Notified = z.object({ job_id: z.string().min(1).nullish().catch(null) })
const Keys = z.object({ keys: z.array(z.string()) })

export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")

const isEqual = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

type Verify = NonNullable<NonNullable<ProviderSpec["webhook"]>["verify"]>

/** Creates a `verify` that leaves out some of its parts. */
export const verifyWith =
  ({ checksSecret = true, checksAge = true, checksBody = true }): Verify =>
  ({ headers, text: body, receivedAt }, { secret = "" }) => {
    const timestamp = headers["x-orbit-timestamp"] ?? ""
    const signature = headers["x-orbit-signature"] ?? ""
    const ageMs = Math.abs(receivedAt.getTime() - Number(timestamp) * 1000)
    if (checksSecret && secret === "") return false
    if (checksAge && (!/^\d+$/.test(timestamp) || ageMs > 300_000)) return false
    const signed = checksBody ? body : '{"job_id":"job-7"}'
    return /^[\da-f]{64}$/.test(signature) && isEqual(signature, signatureOf(secret, timestamp, signed))
  }

export const webhook: NonNullable<ProviderSpec["webhook"]> = {
  keys: {
    request: () => ({ method: "GET", path: "/v1/keys" }),
    response: Keys,
    decode: ({ keys }: z.infer<typeof Keys>) => ({ _tag: "Exchanged", value: keys })
  },
  verify: verifyWith({}),
  response: Notified,
  decode: ({ job_id: id }: z.infer<typeof Notified>) =>
    id ? { _tag: "TaskUpdated", task: { id } } : { _tag: "Ignored" }
}

export const studio: ProviderSpec = {
  ...orbit,
  endpoints: { main: { baseUrl: "https://api.orbit.example", hosts: ["files.orbit.example"] } },
  requires: ["hosts"],
  submit,
  cancel,
  upload,
  balance,
  recover,
  webhook
}
