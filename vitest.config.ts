import { availableParallelism } from "node:os"
import { configDefaults, defineConfig } from "vitest/config"

/** Tests that measure time or memory. */
const perf = ["**/*.perf.test.ts"]

/** Tests of the command line, of the examples, and across packages, and other test files that start processes. */
const e2e = [
  "packages/cli/test/**/*.test.ts",
  "examples/*/test/**/*.test.ts",
  "test/**/*.test.ts",
  "scripts/test/**/*.test.ts",
  "packages/*/test/**/*.e2e.test.ts"
]

/**
 * The tests, in three projects:
 *
 * - `unit`: tests of packages, which run on sources and start no process.
 * - `e2e`: tests in `test`, `scripts/test`, `examples` and `packages/cli/test`, and `*.e2e.test.ts`. They may need `pnpm build`.
 * - `perf`: `*.perf.test.ts` and `*Memory.test.ts`. They run one at a time, and `.ci/run` runs nothing else at that time.
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
          exclude: [...e2e, ...perf, ...configDefaults.exclude],
          // Starting a worker and loading modules for each file would take longer than the tests.
          isolate: false
        }
      },
      { extends: true, test: { name: "e2e", include: e2e, exclude: [...perf, ...configDefaults.exclude] } },
      {
        extends: true,
        test: {
          name: "perf",
          include: perf,
          exclude: [...configDefaults.exclude],
          fileParallelism: false,
          sequence: { groupOrder: 1 }
        }
      }
    ]
  }
})
