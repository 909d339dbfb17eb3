import * as Command from "effect/cli/Command"
import { json, noLedger, raw, refs, server } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

export const queryCommand = Command.make(
  "query",
  { refs, json, raw, noLedger, server },
  lazyHandler(async () => (await import("../taskHandlers.ts")).runQuery)
).pipe(
  Command.withDescription("Query each task once, and print its status and its outputs"),
  Command.withShortDescription("Query each task once"),
  Command.withExamples([
    { command: "gentask query jimmy:1234", description: "Query an image of Jimmy AI" },
    {
      command: "gentask query 'jimmy:1234?kind=video'",
      description: "Query a video (quote refs with parameters for the shell)"
    },
    { command: "gentask query --json - < refs.txt", description: "Query a list of tasks, and print JSON" }
  ])
)
