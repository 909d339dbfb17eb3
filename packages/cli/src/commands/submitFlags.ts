/** The arguments and flags that describe what to create. `submit` and `generate` share them. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { jsonFlag, optional, optionalArgument, server, switchFlag, textFlag } from "./flags.ts"

/** What to create, as given on the command line. */
export interface SubmitFlags {
  readonly account: string | undefined
  readonly model: string | undefined
  readonly prompt: string | undefined
  readonly promptFile: string | undefined
  readonly images: ReadonlyArray<string>
  readonly firstFrame: string | undefined
  readonly lastFrame: string | undefined
  readonly videos: ReadonlyArray<string>
  readonly audios: ReadonlyArray<string>
  readonly aspectRatio: string | undefined
  readonly resolution: string | undefined
  readonly duration: number | undefined
  readonly count: number | undefined
  readonly seed: number | undefined
  readonly input: ReadonlyArray<string>
  readonly inputJson: string | undefined
  readonly idempotencyKey: string | undefined
  readonly batch: string | undefined
  readonly dryRun: boolean
  readonly yes: boolean
  readonly json: boolean
  readonly server: string | undefined
}

const mediaFlag = (name: string, description: string): Flag.Flag<ReadonlyArray<string>> =>
  Flag.String(name).pipe(
    Flag.withMetavar("FILE|URL"),
    Flag.withDescription(`${description} (repeatable)`),
    Flag.atLeast(0)
  )

const numberFlag = (
  name: string,
  metavar: string,
  description: string,
  pattern: RegExp,
  expected: string
): Flag.Flag<number | undefined> =>
  optional(
    Flag.String(name).pipe(
      Flag.withMetavar(metavar),
      Flag.withDescription(description),
      Flag.filterMap(
        (text) => (pattern.test(text) ? Option.some(Number.parseFloat(text)) : Option.none()),
        () => expected
      )
    )
  )

const withAlias = (flag: Flag.Flag<string>, alias: string, metavar: string, description: string) =>
  flag.pipe(Flag.withAlias(alias), Flag.withMetavar(metavar), Flag.withDescription(description))

export const yes = switchFlag("yes", "Submit without a question")

export const submitFlags = {
  account: optionalArgument("account", "The account, as in a task ref: jimmy, or jimeng@deepwl"),
  model: optionalArgument("model", "The vendor's name of the model. See gentask models"),
  prompt: optional(withAlias(Flag.String("prompt"), "p", "TEXT", "What the result shows")),
  promptFile: textFlag(
    "prompt-file",
    "FILE",
    "Read the prompt from a file, or from the standard input with -"
  ),
  images: mediaFlag("image", "An image to edit, or to use as a reference"),
  firstFrame: textFlag("first-frame", "FILE|URL", "The image that a video starts with"),
  lastFrame: textFlag("last-frame", "FILE|URL", "The image that a video ends with"),
  videos: mediaFlag("video", "A video to edit, or to use as a reference"),
  audios: mediaFlag("audio", "A sound or speech for the result"),
  aspectRatio: textFlag("aspect-ratio", "W:H", "Width to height, such as 16:9"),
  resolution: textFlag("resolution", "TEXT", "The vendor's word for the resolution, such as 720p or 2k"),
  duration: numberFlag(
    "duration",
    "SECONDS",
    "The length of a video or of a sound",
    /^(?:\d+|\d*\.\d+)s?$/,
    "a number of seconds, such as 5"
  ),
  count: numberFlag(
    "count",
    "N",
    "How many outputs to create. Vendors may bill each",
    /^[1-9]\d{0,3}$/,
    "a whole number from 1"
  ),
  seed: numberFlag("seed", "N", "The seed of the random numbers", /^-?\d{1,15}$/, "a whole number"),
  input: withAlias(
    Flag.String("input"),
    "i",
    "KEY=VALUE",
    "A field of the vendor's own input: key=value, key:=json or key=@file (repeat a key for a list)"
  ).pipe(Flag.atLeast(0)),
  inputJson: textFlag(
    "input-json",
    "FILE",
    "Read the vendor's own input as JSON from a file, or from the standard input with -"
  ),
  idempotencyKey: textFlag(
    "idempotency-key",
    "TEXT",
    "Names the submit. The same key with the same request returns the same task"
  ),
  batch: textFlag(
    "batch",
    "FILE",
    "Submit one request per line of a JSON Lines file, or of the standard input with -"
  ),
  dryRun: switchFlag("dry-run", "Print the request without the API key, and send nothing"),
  yes,
  json: jsonFlag("Print one JSON object per request and line"),
  server
}
