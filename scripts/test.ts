/**
 * Runs the unit and end-to-end tests, and ends with a line "N passed, N failed". Further arguments go to vitest:
 * `node scripts/test.ts [argument…]`
 */
import { runTests } from "./runTests.ts"

const { passed, failed } = await runTests(["unit", "e2e"], { args: process.argv.slice(2) })
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
