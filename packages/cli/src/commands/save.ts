/** `gentask save`: downloads the outputs. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "./lazily.ts"
import { all, json, maybe, overwrite, raw, refs } from "./options.ts"

/** What the command line says. */
export interface SaveInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
  readonly out: string | undefined
  readonly all: boolean
  readonly overwrite: boolean
}

const out = maybe(
  Flag.String("out").pipe(
    Flag.withAlias("o"),
    Flag.withMetavar("DIR"),
    Flag.withDescription("The folder to save into; made if it is not there")
  )
)

export const save = Command.make(
  "save",
  { refs, out, all, overwrite, json, raw },
  lazily<SaveInput>(() => import("../handlers/save.ts"))
).pipe(
  Command.withDescription(
    "Download the outputs of tasks that have succeeded. A file bears its final name only when it is whole; running the same again goes on where it stopped"
  ),
  Command.withShortDescription("Download the outputs of each task"),
  Command.withExamples([
    { command: "gentask save jimmy:1234 -o out", description: "Save what a task made" },
    {
      command: "gentask save sora:sora-2:task_01k6 -o out --all",
      description: "Save its thumbnail and preview as well"
    }
  ])
)
