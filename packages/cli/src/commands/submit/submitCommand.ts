import * as Command from "effect/cli/Command"
import { lazyHandler } from "../lazyHandler.ts"
import { submitFlags } from "../submitFlags.ts"

export const submitCommand = Command.make(
  "submit",
  submitFlags,
  lazyHandler(async () => (await import("../otherHandlers.ts")).runSubmit)
).pipe(
  Command.withDescription(
    "Create a task and print its ref. The submit is recorded before it is sent, and is never sent twice if it may have created a task"
  ),
  Command.withShortDescription("Create a task and print its ref"),
  Command.withExamples([
    {
      command: "gentask submit jimmy gpt-image-2 -p 'A fox in the snow' --aspect-ratio 16:9",
      description: "Create an image, and print the ref of its task"
    },
    {
      command: "gentask submit sora@jxincm sora-2 -p 'The fox runs' --image fox.png --dry-run",
      description: "Print the request for a video of a local picture, and send nothing"
    },
    {
      command: "gentask submit jimmy gpt-image-2 --batch prompts.jsonl --yes",
      description: "Submit one request per line. Run it again to submit the lines that are left"
    }
  ])
)
