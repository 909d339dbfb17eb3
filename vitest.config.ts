import { defineConfig } from "vitest/config"

/** Tests run on the packages' sources; only the built-CLI and packed-package tests need `dist`. */
export default defineConfig({
  resolve: { conditions: ["@gentask/source"] },
  ssr: { resolve: { conditions: ["@gentask/source"], externalConditions: ["@gentask/source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "examples/*/test/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The tests run real processes on machines that do other things too: what fails twice is no accident.
    retry: process.env["CI"] === undefined ? 0 : 1
  }
})
