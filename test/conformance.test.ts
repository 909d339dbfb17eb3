/** The conformance kit on every recorded answer of every provider, under other HTTP statuses than the recorded ones. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { ProviderSpec } from "@gentask/core"
import { conformance } from "@gentask/testing"
import { default as aigptimageSpec } from "@gentask/provider-aigptimage"
import { default as jimengSpec } from "@gentask/provider-jimeng"
import { default as jimmySpec } from "@gentask/provider-jimmy"
import { default as soraSpec } from "@gentask/provider-sora"
import { temporaryFolder } from "./folder.ts"
import { recordingsOf } from "./recordedAnswers.ts"

const specs: ReadonlyArray<ProviderSpec> = [aigptimageSpec, jimengSpec, jimmySpec, soraSpec]

/** What such answers, which no document shows, do not have. */
const isOfRecordings =
  /: the answer gives its meaning$|^a recording shows|^the recordings show|^every word of statuses|: holds no secret$/

describe("the conformance kit", () => {
  it.each(specs)("raises no false alarm for $id", { timeout: 180_000 }, async (spec) => {
    await using folder = await temporaryFolder()
    for (const { name, recording } of recordingsOf(spec.id)) {
      const { source, ref, account, answer } = recording
      for (const status of [200, 400, 429, 500]) {
        const other = { source, ref, account, answer: { ...answer, status } }
        await writeFile(join(folder.path, `${status}.${name}`), JSON.stringify(other))
      }
    }
    const alarms = conformance(spec, folder.path).flatMap(({ name, run }) => {
      if (isOfRecordings.test(name)) return []
      try {
        run()
        return []
      } catch (error) {
        return [`${name}: ${String(error)}`]
      }
    })
    expect(alarms).toEqual([])
  })
})
