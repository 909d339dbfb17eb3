import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import { demoCommand } from "./demo/demoCommand.ts"
import { emulateCommand } from "./emulate/emulateCommand.ts"
import { generateCommand } from "./generate/generateCommand.ts"
import { optional } from "./flags.ts"
import { newCommand } from "./new/newCommand.ts"
import { providersCommand } from "./providers/providersCommand.ts"
import { queryCommand } from "./query/queryCommand.ts"
import { saveCommand } from "./save/saveCommand.ts"
import { submitCommand } from "./submit/submitCommand.ts"
import { balanceCommand } from "./balance/balanceCommand.ts"
import { cancelCommand } from "./cancel/cancelCommand.ts"
import { listCommand } from "./list/listCommand.ts"
import { mcpCommand } from "./mcp/mcpCommand.ts"
import { modelsCommand } from "./models/modelsCommand.ts"
import { reconcileCommand } from "./reconcile/reconcileCommand.ts"
import { retryCommand } from "./retry/retryCommand.ts"
import { serveCommand } from "./serve/serveCommand.ts"
import { showCommand } from "./show/showCommand.ts"
import { skillCommand } from "./skill/skillCommand.ts"
import { waitCommand } from "./wait/waitCommand.ts"
import { watchCommand } from "./watch/watchCommand.ts"

/** Declared for the help and the parser. `applyColorFlag` reads it before anything is printed. */
const Color = GlobalFlag.Setting("color")({
  flag: optional(
    Flag.Boolean("color").pipe(
      Flag.withDescription("Use colors, or no colors with --no-color (default: colors on a terminal)")
    )
  )
})

/** The command `gentask` with all its subcommands. */
export const gentaskCommand = Command.make("gentask").pipe(
  Command.withDescription("Create, follow and save AI image and video tasks"),
  Command.withSubcommands([
    generateCommand,
    submitCommand,
    queryCommand,
    waitCommand,
    watchCommand,
    saveCommand,
    listCommand,
    showCommand,
    retryCommand,
    cancelCommand,
    reconcileCommand,
    modelsCommand,
    balanceCommand,
    providersCommand,
    serveCommand,
    mcpCommand,
    emulateCommand,
    demoCommand,
    skillCommand,
    newCommand
  ]),
  Command.withGlobalFlags([Color]),
  Command.withExamples([
    { command: "gentask demo", description: "Try everything without an API key" },
    {
      command: "gentask generate jimmy gpt-image-2 -p 'A fox in the snow' -o out",
      description: "Create an image, and save it"
    },
    { command: "gentask wait jimmy:1234 --save out", description: "Wait for a task and save it" }
  ])
)
