import * as Command from "effect/cli/Command"
import {
  all,
  interval,
  json,
  noLedger,
  overwrite,
  raw,
  refs,
  server,
  textFlag,
  timeout,
  to
} from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const save = textFlag("save", "DIR", "Save the outputs of each task into this folder as soon as it succeeds")

export const waitCommand = Command.make(
  "wait",
  { refs, timeout, save, to, interval, all, overwrite, json, raw, noLedger, server },
  lazyHandler(async () => (await import("../taskHandlers.ts")).runWait)
).pipe(
  Command.withDescription(
    "Wait until each task has ended. Waiting continues after temporary errors of the vendor. To resume after a timeout, run the same command again"
  ),
  Command.withShortDescription("Wait until each task has ended"),
  Command.withExamples([
    {
      command: "gentask wait jimmy:1234 --timeout 10m --save out",
      description: "Wait for an image and save it"
    },
    {
      command: "gentask wait sora@jxincm:sora-2:task_01k6 jimmy:1234",
      description: "Wait for two tasks at once"
    },
    {
      command: "gentask wait --json - < refs.txt",
      description: "Wait for a list of tasks, and print each one when it ends"
    }
  ])
)
