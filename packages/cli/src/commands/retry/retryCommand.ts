import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { jsonFlag, server } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"
import { yes } from "../submitFlags.ts"

const ref = Argument.String("ref").pipe(Argument.withDescription("The ref of a task that gentask submitted"))

export const retryCommand = Command.make(
  "retry",
  { ref, yes, json: jsonFlag("Print one JSON object"), server },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runRetry)
).pipe(
  Command.withDescription(
    "Submit the recorded request of a task again, and print the ref of the new task. The vendor charges for it as for any task"
  ),
  Command.withShortDescription("Submit the request of a task again"),
  Command.withExamples([
    {
      command: "gentask retry jimmy:1234",
      description: "Ask for a confirmation, and submit the request again"
    },
    {
      command: "gentask retry jimmy:1234 --yes | gentask wait - --save out",
      description: "Try again, and save"
    }
  ])
)
