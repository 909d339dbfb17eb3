import type { InputProblem } from "@gentask/core"
import * as Effect from "effect/Effect"
import type { SubmitFlags } from "../commands/submitFlags.ts"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"
import { mediaSource } from "./mediaSource.ts"
import { readText } from "./readText.ts"
import type { RequestDraft } from "./RequestDraft.ts"

interface ParsedObject {
  readonly json: Readonly<Record<string, unknown>>
  readonly problems: ReadonlyArray<InputProblem>
}

/** Parses the JSON object of `--input-json`. */
const parseObject = (text: string): ParsedObject => {
  const problem = (message: string): ParsedObject => ({
    json: {},
    problems: [{ path: "--input-json", message }]
  })
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { json: value as Readonly<Record<string, unknown>>, problems: [] }
      : problem("Expected a JSON object")
  } catch (error) {
    return problem(`Invalid JSON: ${errorMessage(error)}`)
  }
}

const optionalMedia = (text: string | undefined) => (text === undefined ? undefined : mediaSource(text))

const mediaList = (texts: ReadonlyArray<string>) => (texts.length === 0 ? undefined : texts.map(mediaSource))

/** Reads the request of a command line, with the files that it names. */
export const draftFromFlags = Effect.fnUntraced(function* (
  flags: SubmitFlags & { readonly account: string; readonly model: string }
): Effect.fn.Return<RequestDraft, UsageError> {
  const { account, model, promptFile, inputJson } = flags
  if (promptFile !== undefined && flags.prompt !== undefined)
    return yield* new UsageError({
      message: "Both --prompt and --prompt-file are given. Remove one of them."
    })
  if (promptFile === "-" && inputJson === "-")
    return yield* new UsageError({
      message: "Both --prompt-file and --input-json read the standard input. Use a file for one of them."
    })
  const prompt =
    promptFile === undefined ? flags.prompt : (yield* readText("--prompt-file", promptFile)).trim()
  const { json, problems: jsonProblems } =
    inputJson === undefined
      ? { json: {}, problems: [] }
      : parseObject(yield* readText("--input-json", inputJson))
  const problems = [...jsonProblems]
  if (prompt?.trim() === "") problems.push({ path: "prompt", message: "The prompt is empty" })
  return {
    line: undefined,
    account,
    model,
    common: {
      prompt,
      images: mediaList(flags.images),
      firstFrame: optionalMedia(flags.firstFrame),
      lastFrame: optionalMedia(flags.lastFrame),
      videos: mediaList(flags.videos),
      audios: mediaList(flags.audios),
      aspectRatio: flags.aspectRatio,
      resolution: flags.resolution,
      duration: flags.duration,
      count: flags.count,
      seed: flags.seed,
      idempotencyKey: flags.idempotencyKey
    },
    json,
    options: flags.input,
    problems
  }
})
