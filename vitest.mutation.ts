import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import base from "./vitest.config.ts"

const source = (path: string): string => fileURLToPath(new URL(`packages/${path}`, import.meta.url))

/**
 * The tests that judge mutants: those of the mutated packages, without the built command line or packed installs. Each
 * package's name leads to the sources beside this file, which are the mutated ones, and not to where a link points.
 */
export default defineConfig({
  ...base,
  resolve: {
    ...base.resolve,
    alias: [
      { find: /^@gentask\/core$/, replacement: source("core/src/index.ts") },
      { find: /^@gentask\/core\/(provider|testing)$/, replacement: source("core/src/$1/index.ts") },
      { find: /^@gentask\/(emulator|provider-\w+)$/, replacement: source("$1/src/index.ts") }
    ]
  },
  test: {
    ...base.test,
    include: ["packages/{core,provider-*}/test/**/*.test.ts", "test/{systems,save,requests}.test.ts"]
  }
})
