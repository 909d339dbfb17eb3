/** `gentask query`: one snapshot of each task, now. */
import * as Command from "effect/cli/Command"
import { lazily } from "./lazily.ts"
import { json, raw, refs } from "./options.ts"

/** What the command line says. */
export interface QueryInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
}

export const query = Command.make(
  "query",
  { refs, json, raw },
  lazily<QueryInput>(() => import("../handlers/query.ts"))
).pipe(
  Command.withDescription("Ask once about each task, and print where it stands and what it made"),
  Command.withShortDescription("Ask once about each task"),
  Command.withExamples([
    { command: "gentask query jimmy:1234", description: "Ask about an image of Jimmy AI" },
    {
      command: "gentask query 'jimmy:1234?kind=video'",
      description: "Ask about a video: hints are quoted for the shell"
    },
    { command: "gentask query --json - < refs.txt", description: "Ask about a list, for a program to read" }
  ])
)
