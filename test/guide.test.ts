/** The providers in docs/writing-a-provider.md, checked with the recordings of the same page. */
import { createHmac } from "node:crypto"
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

/** Returns the provider in a code block. The rest of the block runs a vendor. */
const loadSpec = async (name: string, code: string): Promise<ProviderSpec> => {
  const [provider = ""] = code.split("\n// A local server instead of the vendor")
  const path = join(folder, `${name}.ts`)
  await writeFile(path, provider)
  const module = (await import(pathToFileURL(path).href)) as { readonly default: ProviderSpec }
  return module.default
}
const spec = await loadSpec("acme", block("ts"))
const studio = await loadSpec("studio", block("ts", "import { createHmac"))

/** Further recordings of the provider that creates tasks. */
const studioRecordings = {
  rendering: { answer: { body: { state: "rendering" } } },
  finished: { answer: { body: { state: "finished", video: "https://media.example.com/1.mp4" } } },
  broken: { answer: { body: { state: "broken" } } },
  query: {
    request: { method: "GET", url: "https://api.example.com/v1/videos/task_0001" },
    answer: { body: { state: "rendering" } }
  },
  "submit.invalid": {
    submit: { model: "studio-1", common: { prompt: "A fox" } },
    answer: { status: 400, body: { code: "invalid_input", message: "no" } }
  },
  "submit.limited": {
    submit: { model: "studio-2", common: { prompt: "A fox" } },
    answer: { status: 429, body: { code: "too_many_tasks", message: "3 tasks" } }
  },
  cancel: {
    cancel: "studio:task_0001",
    request: { method: "DELETE", url: "https://api.example.com/v1/videos/task_0001" },
    answer: { body: { state: "canceled" } }
  },
  upload: {
    upload: { file: "fox.png" },
    request: {
      method: "POST",
      url: "https://api.example.com/v1/files",
      multipart: [{ name: "file", file: "fox.png" }]
    },
    answer: { body: { url: "https://files.example.com/fox.png" } }
  },
  balance: {
    balance: true,
    request: { method: "GET", url: "https://api.example.com/v1/balance" },
    answer: { body: { credits: 60 } }
  },
  webhook: {
    webhook: {
      headers: {
        "x-studio-timestamp": "1767225600",
        "x-studio-signature": createHmac("sha256", "made-up")
          .update('1767225600.{"id":"task_0001"}')
          .digest("hex")
      },
      body: '{"id":"task_0001"}',
      secret: "made-up"
    },
    at: "2026-01-01T00:00:01Z"
  }
}

const failuresOf = (checks: ReturnType<typeof conformance>): ReadonlyArray<string> =>
  checks.flatMap(({ name, run }) => {
    try {
      run()
      return []
    } catch (error) {
      return [`${name}: ${String(error)}`]
    }
  })

describe("the provider of the guide", () => {
  it("passes the conformance kit", () => {
    process.env["GENTASK_RECORD"] = "1"
    const checks = conformance(spec, recordings)
    for (const check of checks) check.run()
    expect(checks.length).toBeGreaterThan(70)
  })

  it("passes the conformance kit with every operation", async () => {
    const path = join(folder, "studio")
    await mkdir(path)
    await writeFile(
      join(path, "submit.json"),
      block("json", '{\n  "source": "https://docs.example.com/studio')
    )
    for (const [name, recording] of Object.entries(studioRecordings)) {
      await writeFile(join(path, `${name}.json`), JSON.stringify({ source: "made up", ...recording }))
    }
    const run = () => failuresOf(conformance(studio, path))
    run()
    expect(run()).toEqual([])
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
