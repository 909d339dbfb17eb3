/**
 * Runs a task of this workspace on a machine that has only Node 20 or newer and npm. It runs the required versions of
 * Node and pnpm from the npm registry without installing them globally, installs dependencies, builds the packages, and
 * then runs the task.
 *
 *     node scripts/bootstrap.mjs demo | test | ci | nodes
 *
 * GENTASK_NODE overrides the Node version: `GENTASK_NODE=26 npm test`.
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "..")
const { devEngines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const pnpm = `pnpm@${devEngines.packageManager.version}`
const node = `node@${process.env.GENTASK_NODE ?? devEngines.runtime.version}`
const [task = "", ...rest] = process.argv.slice(2)

/** The command of each task. */
const tasks = {
  demo: ["node", "packages/cli/dist/main.js", "demo", ...rest],
  test: ["node", "scripts/test.ts", ...rest],
  ci: ["node", "scripts/ci.ts", ...rest],
  nodes: ["node", "test/nodes.ts", ...rest]
}

const run = (message, command, options = {}) => {
  console.error(`\n> ${message}`)
  const [program, ...args] = command
  // npm and pnpm are scripts on Windows, which need a shell.
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    ...options,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", ...options.env }
  })
  if (result.error !== undefined) {
    console.error(`${program} could not be started: ${result.error.message}`)
    process.exit(1)
  }
  if (result.status !== 0) process.exit(result.status ?? 1)
}

/** Runs a step that must succeed before the task; if it fails, the tests count as failed. */
const prepare = (message, command) => {
  process.once("exit", printFailure)
  run(message, command)
  process.off("exit", printFailure)
}

const printFailure = () => {
  if (task === "test" || task === "ci") console.log("\n0 passed, 1 failed")
}

if (!Object.hasOwn(tasks, task)) {
  console.error(`Unknown task "${task}": expected ${Object.keys(tasks).join(", ")}.`)
  process.exit(2)
}

if (process.env.GENTASK_TOOLS === undefined) {
  const exec = ["npm", "exec", "--yes", `--package=${node}`, `--package=${pnpm}`, "--"]
  run(
    `fetch ${node} and ${pnpm} from the npm registry`,
    [...exec, "node", "scripts/bootstrap.mjs", task, ...rest],
    { env: { GENTASK_TOOLS: "here", npm_config_update_notifier: "false" } }
  )
} else {
  prepare("install dependencies", [
    "pnpm",
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
    "--reporter=append-only",
    "--loglevel=warn"
  ])
  prepare("build the packages that have changed", [
    "pnpm",
    "exec",
    "turbo",
    "run",
    "build",
    "--output-logs=errors-only",
    "--log-order=grouped"
  ])
  run(tasks[task].join(" "), tasks[task])
}
