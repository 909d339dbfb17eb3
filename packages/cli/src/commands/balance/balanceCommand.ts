import * as Command from "effect/cli/Command"
import { jsonFlag, optionalArgument } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const account = optionalArgument(
  "account",
  "The account, such as jimmy (default: all accounts with an API key)"
)

export const balanceCommand = Command.make(
  "balance",
  { account, json: jsonFlag("Print one JSON object per account and line") },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runBalance)
).pipe(
  Command.withDescription("Query the credit of accounts, where the vendor reports it"),
  Command.withShortDescription("Query the credit of accounts"),
  Command.withExamples([
    { command: "gentask balance", description: "Query all accounts with an API key" },
    { command: "gentask balance jimmy --json | jq .available.amount", description: "Print a number" }
  ])
)
