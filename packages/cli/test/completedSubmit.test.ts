/** A task whose vendor returns the result of a submit at once, in the processes after the one that submitted it. */
import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { assert, beforeEach, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { onlyJsonOf, run } from "./gentask.ts"
import type { RunOptions } from "./gentask.ts"
import { newFolder, newProject, pluginSource } from "./project.ts"

const fixture = useEmulator()

const operations = (
  link: string
): string => `cancel: { request: ({ id }) => ({ method: "DELETE", path: "/" + id }) },
  submit: {
    supportedInputs: () => ["prompt"],
    toInput: ({ prompt }) => ({ model: "gpt-image-2", prompt }),
    request: ({ input }) => ({ method: "POST", path: "/api/open-api/v1/images", body: input }),
    response: { "~standard": { version: 1, vendor: "none", validate: (value) => ({ value }) } },
    decode: (_body, _head, { idempotencyKey }) => ({
      _tag: "Accepted",
      tasks: [{ id: idempotencyKey }],
      draft: { status: "succeeded", outputs: [{ kind: "image", url: ${JSON.stringify(link)} }] }
    })
  }`

let options: RunOptions = {}
beforeEach(async () => {
  const { emulator, env, taskId } = fixture
  const response = await fetch(`${emulator.url}/api/open-api/v1/images/${taskId}`, {
    headers: { authorization: `Bearer ${emulator.apiKey}` }
  })
  const body = (await response.json()) as {
    readonly data: { readonly result: { readonly image_url: string } }
  }
  const source = pluginSource("acme", { members: operations(body.data.result.image_url) }).replace(
    "query: {",
    "query: { completesOnSubmit: () => true,"
  )
  const cwd = newProject({
    "package.json": {},
    "gentask.config.json": { plugins: { acme: "./acme.mjs" } },
    "acme.mjs": source
  })
  options = { cwd, env: { ...env, XDG_STATE_HOME: newFolder() } }
  emulator.clearRequests()
})

const submitTask = async (): Promise<string> => {
  const { status, stdout, stderr } = await run(["submit", "acme", "any", "-p", "A fox", "--json"], options)
  assert.strictEqual(status, 0, stderr)
  return String(onlyJsonOf(stdout)["ref"])
}

const purposes = () => fixture.emulator.requests.map(({ purpose }) => purpose)

describe("a task that ended when it was submitted", () => {
  it("is saved by another process, which does not query the vendor", async () => {
    const ref = await submitTask()
    const { status, stderr } = await run(["save", ref, "-o", "out"], options)
    assert.strictEqual(status, 0, stderr)
    const folder = join(options.cwd ?? "", "out")
    const file = (await readdir(folder)).find((name) => name.endsWith(".png")) ?? ""
    assert.strictEqual((await readFile(join(folder, file))).subarray(1, 4).toString(), "PNG")
    assert.deepEqual([purposes()[0], purposes().includes("query")], ["submit", false])
  })

  it("is shown, waited for and not canceled by other processes", async () => {
    const ref = await submitTask()
    for (const command of ["query", "wait", "show"]) {
      const { status, stdout, stderr } = await run([command, ref, "--json"], options)
      assert.strictEqual(status, 0, stderr)
      assert.include(stdout, '"status":"succeeded"', command)
    }
    const { stdout, stderr } = await run(["cancel", ref], options)
    assert.include(stdout + stderr, "ended when it was submitted")
    assert.deepEqual(purposes(), ["submit"])
  })

  it("is unavailable to a process with another ledger", async () => {
    const ref = await submitTask()
    const env = { ...options.env, XDG_STATE_HOME: newFolder() }
    const { status, stderr } = await run(["save", ref, "-o", "out"], { ...options, env })
    assert.strictEqual(status, 2)
    assert.include(stderr, "Use the ledger of the program that submitted it.")
    assert.deepEqual(purposes(), ["submit"])
  })
})
