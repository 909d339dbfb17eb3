import * as Command from "effect/cli/Command"
import { outFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const out = outFlag("Output folder (default: a new temporary folder)")

export const demoCommand = Command.make(
  "demo",
  { out },
  lazyHandler(async () => (await import("../emulatorHandlers.ts")).runDemo)
).pipe(
  Command.withDescription(
    "Create five images and videos from prompts and a local picture on emulated vendors, and save them. Needs no API key, and connects to no other machine"
  ),
  Command.withShortDescription("Try everything without an API key"),
  Command.withExamples([
    { command: "gentask demo", description: "Create five images and videos in a new temporary folder" },
    { command: "gentask demo --out out", description: "Save them into ./out" }
  ])
)
