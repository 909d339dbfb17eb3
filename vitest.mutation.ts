import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const source = (path: string): string => fileURLToPath(new URL(`packages/${path}`, import.meta.url))

/**
 * The tests for mutation testing: those of the mutated packages, without the built command line and packed packages.
 * Package names resolve to the sources in this folder, which Stryker mutates. The links in `node_modules` lead to the
 * sources outside of it.
 */
export default defineConfig({
  resolve: {
    conditions: ["@gentask/source"],
    alias: [
      { find: /^@gentask\/core$/, replacement: source("core/src/index.ts") },
      { find: /^@gentask\/core\/(\w+)$/, replacement: source("core/src/$1/index.ts") },
      { find: /^@gentask\/(emulator|testing|provider-\w+)$/, replacement: source("$1/src/index.ts") }
    ]
  },
  ssr: { resolve: { conditions: ["@gentask/source"], externalConditions: ["@gentask/source"] } },
  test: {
    include: ["packages/{core,provider-*}/test/**/*.test.ts", "test/{systems,save,requests}.test.ts"],
    exclude: ["**/*.perf.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000
  }
})
