/** The provider in docs/writing-a-provider.md, checked with the recording of the same page. */
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { conformance } from "@gentask/testing"
import type { ProviderSpec } from "@gentask/core/provider"
import { afterAll, describe, expect, it } from "vitest"

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const guide = await readFile(pathOf("../docs/writing-a-provider.md"), "utf8")

/** Returns the first code block of a language that starts with a text. */
const block = (language: string, start = ""): string => {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))]
  return blocks.map((match) => match[1] ?? "").find((text) => text.startsWith(start)) ?? ""
}

/** The bodies of further recordings. The page does not show them, and the kit writes their meaning. */
const bodies = {
  waiting: { code: 0, data: { state: "waiting" } },
  finished: { code: "0", data: { state: "finished", ended: 1767225600, video: "/task_0001.mp4" } },
  broken: { code: 0, data: { state: "broken", why: "out of paint" } },
  moderated: { code: 4001, message: "not this", data: { state: "broken" } },
  absent: { code: 4004, message: "no such task" },
  odd: { code: 9, message: "?" }
}

await mkdir(pathOf(".vitest"), { recursive: true })
// Inside this package, so that its imports resolve as in a user's project.
const folder = await mkdtemp(pathOf(".vitest/guide-"))
afterAll(() => rm(folder, { recursive: true, force: true }))

const recordings = join(folder, "recordings")
await mkdir(recordings)
await writeFile(join(recordings, "running.json"), block("json", '{\n  "source"'))
for (const [name, body] of Object.entries(bodies)) {
  await writeFile(join(recordings, `${name}.json`), JSON.stringify({ source: "made up", answer: { body } }))
}
// The rest of the block runs a vendor.
const [provider = ""] = block("ts").split("\n// A local server in place of the vendor")
await writeFile(join(folder, "acme.ts"), provider)
const { default: spec } = (await import(pathToFileURL(join(folder, "acme.ts")).href)) as {
  readonly default: ProviderSpec
}

describe("the provider of the guide", () => {
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
  ])("decodes the response `%s` as the guide describes", async (name, means) => {
    const written = JSON.parse(await readFile(join(recordings, `${name}.json`), "utf8")) as object
    expect(written).toMatchObject({ means })
  })
})
