/** The provider that docs/writing-a-provider.md shows passes the conformance kit, with the recording that it shows. */
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { conformance } from "@gentask/testing"
import type { ProviderSpec } from "@gentask/core/provider"
import { afterAll, describe, expect, it } from "vitest"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const guide = await readFile(here("../docs/writing-a-provider.md"), "utf8")

/** The first block of a language that begins in a certain way. */
const block = (language: string, start = ""): string => {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))]
  return blocks.map((match) => match[1] ?? "").find((text) => text.startsWith(start)) ?? ""
}

/** The answers that the page leaves to its readers, by their bodies: what they mean is written by the kit. */
const others = {
  waiting: { code: 0, data: { state: "waiting" } },
  finished: { code: "0", data: { state: "finished", ended: 1767225600, video: "/task_0001.mp4" } },
  broken: { code: 0, data: { state: "broken", why: "out of paint" } },
  moderated: { code: 4001, message: "not this", data: { state: "broken" } },
  absent: { code: 4004, message: "no such task" },
  odd: { code: 9, message: "?" }
}

await mkdir(here(".vitest"), { recursive: true })
// Inside this package, so that it finds the packages as a user's project would.
const folder = await mkdtemp(here(".vitest/guide-"))
afterAll(() => rm(folder, { recursive: true, force: true }))

const recordings = join(folder, "recordings")
await mkdir(recordings)
await writeFile(join(recordings, "running.json"), block("json", '{\n  "source"'))
for (const [name, body] of Object.entries(others)) {
  await writeFile(join(recordings, `${name}.json`), JSON.stringify({ source: "made up", answer: { body } }))
}
// What follows runs a vendor.
const [provider = ""] = block("ts").split("\n// A local server in place of the vendor")
await writeFile(join(folder, "acme.ts"), provider)
const { default: spec } = (await import(pathToFileURL(join(folder, "acme.ts")).href)) as {
  readonly default: ProviderSpec
}

describe("the guide's provider", () => {
  it("passes the conformance kit", () => {
    process.env["GENTASK_RECORD"] = "1"
    const checks = conformance(spec, recordings)
    for (const check of checks) check.run()
    expect(checks.length).toBeGreaterThan(70)
  })

  it.each([
    ["moderated", { status: "failed", failure: { reason: "moderation", code: "4001", resubmit: false } }],
    ["broken", { status: "failed", failure: { reason: "unknown", message: "out of paint" } }],
    ["absent", { fault: { _tag: "TaskNotFound", code: "4004", message: "no such task" } }],
    ["odd", { fault: { _tag: "UnexpectedResponse", code: "9", path: "code" } }]
  ])("reads %s as its page says", async (name, means) => {
    const written = JSON.parse(await readFile(join(recordings, `${name}.json`), "utf8")) as object
    expect(written).toMatchObject({ means })
  })
})
