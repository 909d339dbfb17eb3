/** Reads the requests of a JSON Lines file. */
import { createHash } from "node:crypto"
import { resolve } from "node:path"
import { isDeepStrictEqual } from "node:util"
import type { InputProblem, MediaSource } from "@gentask/core"
import { closestName } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import * as z from "zod"
import type { SubmitFlags } from "../commands/submitFlags.ts"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"
import { invalidBatch } from "./invalidBatch.ts"
import { mediaSource } from "./mediaSource.ts"
import { readText } from "./readText.ts"
import type { RequestDraft } from "./RequestDraft.ts"

const text = z.string().min(1)
const prompt = z.string().refine((value) => value.trim() !== "", "The prompt is empty")
const media: z.ZodType<MediaSource, string> = text.transform(mediaSource)

/** A line of a batch: the request as in the library, with media as on the command line. */
const requestSchema = z.strictObject({
  account: text.optional(),
  model: text.optional(),
  prompt: prompt.optional(),
  images: z.array(media).optional(),
  firstFrame: media.optional(),
  lastFrame: media.optional(),
  videos: z.array(media).optional(),
  audios: z.array(media).optional(),
  aspectRatio: text.optional(),
  resolution: text.optional(),
  duration: z.number().positive().optional(),
  count: z.int().positive().optional(),
  seed: z.int().optional(),
  input: z.record(z.string(), z.unknown()).optional(),
  idempotencyKey: text.optional()
})

type BatchRequest = z.infer<typeof requestSchema>

const describeIssue = (issue: z.core.$ZodIssue): ReadonlyArray<string> => {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => {
      const closest = closestName(key, Object.keys(requestSchema.shape))
      return `Unknown member ${JSON.stringify(key)}${closest === undefined ? "" : `. Did you mean ${closest}?`}`
    })
  const { path, message } = issue
  return [path.length === 0 ? message : `${path.join(".")}: ${message}`]
}

const parseLine = (line: string): BatchRequest | string => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    return `Invalid JSON: ${errorMessage(error)}`
  }
  const parsed = requestSchema.safeParse(value)
  if (parsed.success) return parsed.data
  return parsed.error.issues.flatMap(describeIssue).join(". ")
}

/**
 * Derives a key from the batch and the line, so that the same batch submits each line once to an account and a model.
 */
const keyOf = (batch: string, { account, model }: SubmitFlags, line: string, repetition: number): string =>
  `batch-${createHash("sha256")
    .update(JSON.stringify([batch, account, model, line, repetition]))
    .digest("hex")
    .slice(0, 32)}`

const toDraft = (
  flags: SubmitFlags,
  line: number,
  { account, model, input, ...common }: BatchRequest,
  idempotencyKey: string
): RequestDraft | string => {
  const [accountOf, modelOf] = [account ?? flags.account, model ?? flags.model]
  if (accountOf === undefined)
    return "The account is missing. Add the member account, or the argument ACCOUNT"
  if (modelOf === undefined) return "The model is missing. Add the member model, or the argument MODEL"
  const problems: ReadonlyArray<InputProblem> = []
  return {
    line,
    account: accountOf,
    model: modelOf,
    common: { idempotencyKey, ...common },
    json: input ?? {},
    options: [],
    problems
  }
}

/** Finds lines that have the key of an earlier line, but another request. */
const reusedKeys = (drafts: ReadonlyArray<RequestDraft>): ReadonlyArray<string> => {
  const known = new Map<string, RequestDraft>()
  return drafts.flatMap((draft) => {
    const { account, model, common, json, line } = draft
    const { idempotencyKey = "" } = common
    const name = JSON.stringify([account, idempotencyKey])
    const first = known.get(name)
    if (first === undefined) known.set(name, draft)
    return first === undefined ||
      isDeepStrictEqual([first.model, first.common, first.json], [model, common, json])
      ? []
      : [
          `Line ${line}: The idempotency key ${idempotencyKey} is also that of line ${first.line}, which is another request.`
        ]
  })
}

/** The flags that describe one request, and contradict a batch. */
const contradictions = (flags: SubmitFlags): ReadonlyArray<string> => {
  const { prompt, promptFile, firstFrame, lastFrame, aspectRatio, resolution, duration, count, seed } = flags
  const given: Readonly<Record<string, unknown>> = {
    "--prompt": prompt,
    "--prompt-file": promptFile,
    "--image": flags.images[0],
    "--first-frame": firstFrame,
    "--last-frame": lastFrame,
    "--video": flags.videos[0],
    "--audio": flags.audios[0],
    "--aspect-ratio": aspectRatio,
    "--resolution": resolution,
    "--duration": duration,
    "--count": count,
    "--seed": seed,
    "--input": flags.input[0],
    "--input-json": flags.inputJson
  }
  return Object.keys(given).filter((name) => given[name] !== undefined)
}

/**
 * Reads a batch. Blank lines are skipped. A line without a key gets one from the name of the batch and its text: the key
 * of the command line, or else the path of the file.
 */
export const readBatch = Effect.fnUntraced(function* (
  path: string,
  flags: SubmitFlags
): Effect.fn.Return<ReadonlyArray<RequestDraft>, UsageError> {
  const unusable = contradictions(flags)
  if (unusable.length > 0)
    return yield* new UsageError({
      message: `${unusable.join(", ")} cannot be combined with --batch. Write ${unusable.length === 1 ? "it" : "them"} into each line of the batch.`
    })
  const lines = (yield* readText("--batch", path)).split(/\r?\n/)
  const batch = flags.idempotencyKey ?? (path === "-" ? "-" : resolve(path))
  const repetitions = new Map<string, number>()
  const drafts: Array<RequestDraft> = []
  const problems: Array<string> = []
  for (const [index, line] of lines.entries()) {
    const content = line.trim()
    if (content === "") continue
    const repetition = repetitions.get(content) ?? 0
    repetitions.set(content, repetition + 1)
    const request = parseLine(content)
    const draft =
      typeof request === "string"
        ? request
        : toDraft(flags, index + 1, request, keyOf(batch, flags, content, repetition))
    if (typeof draft === "string") problems.push(`Line ${index + 1}: ${draft.replace(/\.$/, "")}.`)
    else drafts.push(draft)
  }
  problems.push(...reusedKeys(drafts))
  if (problems.length > 0) return yield* invalidBatch(problems)
  if (drafts.length === 0)
    return yield* new UsageError({
      message: `${path === "-" ? "The standard input" : path} has no requests. Write one JSON object per line. Nothing was sent.`
    })
  return drafts
})
