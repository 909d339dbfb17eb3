import * as Context from "effect/Context"
import type * as Ref from "effect/Ref"

/** The exit status of the command that ran. Effect's command line discards what a handler returns. */
export class CommandStatus extends Context.Service<CommandStatus, Ref.Ref<number>>()(
  "@gentask/cli/CommandStatus"
) {}
