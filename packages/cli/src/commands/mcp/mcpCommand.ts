import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { optional, server, switchFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"
import { parseAddress } from "../serve/parseAddress.ts"
import type { Address } from "../serve/parseAddress.ts"

const example = "4371 or 127.0.0.1:4371"

/** Parses `[HOST:]PORT`. */
const parseHttp = (text: string): Address | undefined =>
  parseAddress(/^\d+$/.test(text) ? `127.0.0.1:${text}` : text)

const http = optional(
  Flag.String("http").pipe(
    Flag.withMetavar("[HOST:]PORT"),
    Flag.withDescription("Serve HTTP on this loopback address instead of the standard input and output"),
    Flag.filterMap(
      (text) => Option.fromUndefinedOr(parseHttp(text)),
      () => `an address such as ${example}`
    )
  )
)

const root = Flag.String("root").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription(
    "A folder that agents may read files from and save results to (repeatable, default: the working folder)"
  ),
  Flag.atLeast(0)
)

export const mcpCommand = Command.make(
  "mcp",
  {
    http,
    root,
    yes: switchFlag("yes", "Submit without a question, up to the limits of the configuration"),
    server
  },
  lazyHandler(async () => (await import("../mcpHandlers.ts")).runMcp)
).pipe(
  Command.withDescription(
    "Serve the tools models, submit, wait, query, save, list, cancel and balance to agents, by the Model Context Protocol. The user confirms each submit"
  ),
  Command.withShortDescription("Serve tools to agents (MCP)"),
  Command.withExamples([
    { command: "gentask mcp --root ~/media", description: "Serve one agent, which starts this command" },
    {
      command: "gentask mcp --http 4371 --root ~/media",
      description: "Serve agents on this machine over HTTP"
    }
  ])
)
