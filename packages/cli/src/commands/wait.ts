/** `gentask wait`: until each task has ended. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "./lazily.ts"
import { all, interval, json, maybe, overwrite, raw, refs, timeout } from "./options.ts"

/** What the command line says. */
export interface WaitInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
  readonly timeout: string | undefined
  readonly interval: string | undefined
  readonly save: string | undefined
  readonly all: boolean
  readonly overwrite: boolean
}

const save = maybe(
  Flag.String("save").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription("Save the outputs of each task into this folder as soon as it has succeeded")
  )
)

export const wait = Command.make(
  "wait",
  { refs, timeout, save, interval, all, overwrite, json, raw },
  lazily<WaitInput>(() => import("../handlers/wait.ts"))
).pipe(
  Command.withDescription(
    "Wait until each task has ended. A fault of the vendor's, a missed poll or a deadline loses nothing: the same command goes on"
  ),
  Command.withShortDescription("Wait until each task has ended"),
  Command.withExamples([
    {
      command: "gentask wait jimmy:1234 --timeout 10m --save out",
      description: "Wait for an image and save it"
    },
    { command: "gentask wait sora:sora-2:task_01k6 jimmy:1234", description: "Wait for two tasks at once" },
    {
      command: "gentask wait --json - < refs.txt",
      description: "Wait for a list; each task is printed as it ends"
    }
  ])
)
