import * as Command from "effect/cli/Command"
import { all, json, outFlag, noLedger, overwrite, raw, refs, server, to } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const out = outFlag("Output folder, created if it does not exist")

export const saveCommand = Command.make(
  "save",
  { refs, out, to, all, overwrite, json, raw, noLedger, server },
  lazyHandler(async () => (await import("../taskHandlers.ts")).runSave)
).pipe(
  Command.withDescription(
    "Download the outputs of tasks that have succeeded. A file gets its final name only when it is complete. To resume an interrupted download, run the same command again"
  ),
  Command.withShortDescription("Download the outputs of each task"),
  Command.withExamples([
    { command: "gentask save jimmy:1234 -o out", description: "Save the results of a task" },
    {
      command: "gentask save sora@jxincm:sora-2:task_01k6 -o out --all",
      description: "Also save its thumbnail and preview"
    },
    { command: "gentask save jimmy:1234 --to s3://media/renders", description: "Save to a bucket" }
  ])
)
