import type { TaskStatus } from "@gentask/core"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { jsonFlag, optional, server, textFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"
import { parseSince } from "./parseSince.ts"

const maxLimit = 1000

const statuses: ReadonlyArray<TaskStatus> = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "canceled",
  "expired",
  "unknown"
]

const status = Flag.Literals("status", statuses).pipe(
  Flag.withDescription("Only tasks with this status (repeatable)"),
  Flag.atLeast(0)
)

const since = optional(
  Flag.String("since").pipe(
    Flag.withMetavar("TIME"),
    Flag.withDescription(
      "Only tasks of this time or later: an age such as 2d or 6h, or a date such as 2026-01-31"
    ),
    Flag.filterMap(
      (text) => Option.fromUndefinedOr(parseSince(text, Date.now())),
      () => "an age such as 2d or 6h, or a date such as 2026-01-31"
    )
  )
)

const limit = Flag.String("limit").pipe(
  Flag.withMetavar("N"),
  Flag.withDescription("The maximum number of tasks (default: 20)"),
  Flag.filterMap(
    (text) =>
      /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= maxLimit
        ? Option.some(Number(text))
        : Option.none(),
    () => `a number from 1 to ${maxLimit}`
  ),
  Flag.withDefault(20)
)

export const listCommand = Command.make(
  "list",
  {
    search: textFlag(
      "search",
      "TEXT",
      "Only tasks with all these words in the prompt, the model, the ref or the failure"
    ),
    status,
    account: textFlag("account", "ACCOUNT", "Only tasks of this account, such as jimmy"),
    since,
    limit,
    json: jsonFlag("Print one JSON object per task and line"),
    server
  },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runList)
).pipe(
  Command.withDescription("List the recorded tasks of any terminal, the newest first. Queries no vendor"),
  Command.withShortDescription("List the recorded tasks"),
  Command.withExamples([
    { command: "gentask list", description: "List the last tasks" },
    { command: "gentask list --search 'red fox' --since 2d", description: "Find tasks of the last two days" },
    {
      command: "gentask list --status running --json | jq -r .ref | gentask wait - --save out",
      description: "Wait for all tasks that are still running"
    }
  ])
)
