#!/usr/bin/env node
/** The `gentask` command: answers `--version` at once, and loads everything else only when it is needed. */
import module from "node:module"

/** Written in when this is built. */
declare const __GENTASK_VERSION__: string

const args = process.argv.slice(2)
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)

if (args.length === 1 && (args[0] === "--version" || args[0] === "-v")) {
  process.stdout.write(`gentask ${__GENTASK_VERSION__}\n`)
} else if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `gentask needs Node.js 22.19 or newer, and this is ${process.versions.node}. Install a newer one, or run: npx --package=node@24 --package=@gentask/cli gentask\n`
  )
  process.exitCode = 2
} else {
  const { listenForInterruption } = await import("./interruption.ts")
  listenForInterruption()
  module.enableCompileCache()
  const { runMain } = await import("./app.ts")
  await runMain(args, __GENTASK_VERSION__)
}
