/**
 * Runs a task of this workspace on any machine that has Node 18 or newer with npm: brings the Node and the pnpm that
 * the workspace wants from the npm registry, for this run alone, installs, builds, and then does the task.
 *
 *     node scripts/bootstrap.mjs demo | test | check | guard | nodes
 *
 * With GENTASK_NODE, another Node than the workspace's own: GENTASK_NODE=26 npm test
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

/** Each task, as the commands that do it once everything is built. */
const tasks = {
  demo: [["node", "packages/cli/dist/main.js", "demo", ...rest]],
  test: [["node", "scripts/test.mjs", ...rest]],
  check: [["pnpm", "run", "check"]],
  guard: [["pnpm", "run", "bench:guard"]],
  nodes: [["pnpm", "run", "test:nodes"]]
}

const say = (text) => console.error(`\n> ${text}`)

const run = (what, command, options = {}) => {
  if (what !== "") say(what)
  const [program, ...args] = command
  // npm and pnpm are scripts on Windows, which only a shell can start.
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

if (!Object.hasOwn(tasks, task)) {
  console.error(`Say what to do: ${Object.keys(tasks).join(", ")}.`)
  process.exit(2)
}

if (process.env.GENTASK_TOOLS === undefined) {
  const again = ["exec", "--yes", `--package=${node}`, `--package=${pnpm}`, "--"]
  run(
    `bring ${node} and ${pnpm} from the npm registry, for this run alone`,
    ["npm", ...again, "node", "scripts/bootstrap.mjs", task, ...rest],
    { env: { GENTASK_TOOLS: "here", npm_config_update_notifier: "false" } }
  )
} else {
  run("install what the packages need", [
    "pnpm",
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
    "--reporter=append-only",
    "--loglevel=warn"
  ])
  run("build the packages (unchanged ones come from the cache)", [
    "pnpm",
    "exec",
    "turbo",
    "run",
    "build",
    "--output-logs=errors-only",
    "--log-order=grouped"
  ])
  for (const command of tasks[task])
    run(task === "demo" ? "run the demo" : `run: ${command.join(" ")}`, command)
}
