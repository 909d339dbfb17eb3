import { readFile } from "node:fs/promises"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import type { Options } from "tsup"

const taskHandlers = fileURLToPath(new URL("src/commands/taskHandlers.ts", import.meta.url))

/** What is loaded on use, by commands that follow tasks or create them. */
const loadedOnUse = new RegExp(
  [
    "cli/src/commands/(?:other|emulator|mcp)Handlers",
    "cli/src/ledger/userLedger",
    "cli/src/output/LiveDisplay",
    "cli/src/targets/openTarget",
    "cli/src/tracker/(?:localToken|readTrackerAddress|remoteRecords|remoteTasks)",
    "core/src/account/accountsFromConfig",
    "core/src/client/(?:asyncIterable|streams|submitOperations|receiveWebhook)",
    "core/src/polling/learned/DurationFile",
    "core/src/save/save",
    "core/src/schema/index",
    "core/src/telemetry/internal",
    "provider-[a-z0-9-]+/src/index"
  ]
    .map((path) => `/packages/${path}\\.ts$`)
    .join("|")
)

/**
 * Joins what commands share to a few chunks. esbuild creates a chunk for each combination of dynamic imports that reach
 * the same modules, which would be 50 files for a query. As each of these modules imports the handlers of the commands
 * that follow tasks, all that the handlers need is in one chunk.
 */
export const sharedChunk: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "shared-chunk",
  setup: (build) => {
    build.onResolve({ filter: /^shared-chunk$/ }, () => ({ path: taskHandlers, sideEffects: true }))
    build.onLoad({ filter: loadedOnUse }, async ({ path }) => ({
      contents: `import "shared-chunk"\n${await readFile(path, "utf8")}`,
      loader: "ts",
      resolveDir: dirname(path)
    }))
  }
}
