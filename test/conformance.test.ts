/** The conformance kit on every recorded response, with other HTTP statuses than the recorded ones. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { conformance } from "@gentask/testing"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { readOperationRecordings, readRecordings } from "./readRecordings.ts"
import { testVendors } from "./testVendors.ts"

const specs = testVendors.map(({ spec }) => spec)

/**
 * Checks of the recordings themselves. They do not apply to modified responses, which no document shows. Neither does the
 * check for missing members to a cancel whose error is in HTTP 200: without its error, the response is a success.
 */
const recordingChecks =
  /^200\.cancel\.[^:]*: a missing or mistyped member|: the response decodes to the expected result$|^at least one recording|^every operation of the spec|^the recordings show|^every word of statuses is recorded|: the file contains no secret$/

describe("the conformance kit", () => {
  it.each(specs)("reports no error of $id for other HTTP statuses", { timeout: 180_000 }, async (spec) => {
    await using folder = await temporaryFolder()
    for (const { name, recording } of readRecordings(spec.id)) {
      const { source, ref, account, answer } = recording
      for (const status of [200, 400, 429, 500]) {
        const other = { source, ref, account, answer: { ...answer, status } }
        await writeFile(join(folder.path, `${status}.${name}`), JSON.stringify(other))
      }
    }
    for (const { name, recording } of readOperationRecordings(spec.id)) {
      const { request: _request, means: _means, answer, ...members } = recording
      for (const status of answer === undefined ? [200] : [200, 400, 429, 500]) {
        const other = answer === undefined ? members : { ...members, answer: { ...answer, status } }
        await writeFile(join(folder.path, `${status}.${name}`), JSON.stringify(other))
      }
    }
    const errors = conformance(spec, folder.path).flatMap(({ name, run }) => {
      if (recordingChecks.test(name)) return []
      try {
        run()
        return []
      } catch (error) {
        return [`${name}: ${String(error)}`]
      }
    })
    expect(errors.join("\n")).toBe("")
  })
})
