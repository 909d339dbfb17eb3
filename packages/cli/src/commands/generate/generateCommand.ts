import * as Command from "effect/cli/Command"
import { all, interval, outFlag, overwrite, raw, timeout, to } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"
import { submitFlags } from "../submitFlags.ts"

const out = outFlag("Output folder, created if it does not exist (default: the working folder)")

export const generateCommand = Command.make(
  "generate",
  { ...submitFlags, out, to, timeout, interval, all, overwrite, raw },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runGenerate)
).pipe(
  Command.withDescription(
    "Create a task, wait for it, and save its outputs. If it is interrupted, the last message is the command that resumes: the task is not created again"
  ),
  Command.withShortDescription("Create a task, wait for it, and save its outputs"),
  Command.withExamples([
    {
      command: "gentask generate jimmy gpt-image-2 -p 'A fox in the snow' -o out",
      description: "Create an image, and save it"
    },
    {
      command: "gentask generate jimmy flux-3-i2v-draft -p 'It turns around' --image fox.png --timeout 10m",
      description: "Create a video of a local picture"
    },
    {
      command: "gentask generate jimmy gpt-image-2 --batch prompts.jsonl -o out --yes",
      description: "Create an image for each line of a file"
    }
  ])
)
