import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

const perf = [
  "{packages,examples}/*/test/**/*.perf.test.ts",
  "test/**/*.perf.test.ts",
  "packages/*/test/**/*Memory.test.ts"
]
const e2e = ["packages/cli/test/**/*.test.ts", "examples/*/test/**/*.test.ts", "test/**/*.test.ts"]

/**
 * The tests, in three projects:
 *
 * - `unit`: the tests of single packages. They run on sources and start no process.
 * - `e2e`: the tests of the command line, of the examples, and of all packages together, in `test/`. Some need `pnpm build`.
 * - `perf`: `*.perf.test.ts`. They measure time or memory, and run one at a time.
 */
export default defineConfig({
  resolve: { conditions: ["@gentask/source"] },
  ssr: { resolve: { conditions: ["@gentask/source"], externalConditions: ["@gentask/source"] } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts"],
          exclude: [...e2e, ...perf],
          // Starting a worker and loading modules for each file would take longer than the tests.
          isolate: false
        }
      },
      { extends: true, test: { name: "e2e", include: e2e, exclude: [...perf, "**/node_modules/**"] } },
      {
        extends: true,
        test: { name: "perf", include: perf, fileParallelism: false, sequence: { groupOrder: 1 } }
      }
    ]
  }
})
