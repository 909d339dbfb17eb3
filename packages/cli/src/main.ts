#!/usr/bin/env node
import module from "node:module"

/** Replaced by the build. */
declare const __GENTASK_VERSION__: string

const args = process.argv.slice(2)
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)

// `--version` loads nothing else.
if (args.length === 1 && (args[0] === "--version" || args[0] === "-v")) {
  process.stdout.write(`gentask ${__GENTASK_VERSION__}\n`)
} else if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `gentask needs Node.js 22.19 or later, and this is Node.js ${process.versions.node}. Install a newer version, or run: npx --package=node@24 --package=@gentask/cli gentask\n`
  )
  process.exitCode = 2
} else {
  const { handleSignals } = await import("./process/signals.ts")
  handleSignals()
  module.enableCompileCache()
  const { runCli } = await import("./runCli.ts")
  await runCli(args, __GENTASK_VERSION__)
}
