/** An account without an API key on another machine of the user's network: a private address of this machine. */
import { readFile, readdir } from "node:fs/promises"
import { networkInterfaces } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { isPrivateNetwork } from "@gentask/core/internal"
import { startEmulator } from "@gentask/emulator"
import { assert, describe, it, onTestFinished } from "vitest"
import { linesOf, onlyJsonOf, run } from "./gentask.ts"
import { newFolder, newProject } from "./project.ts"

const picture = fileURLToPath(new URL("../../emulator/media/sample.png", import.meta.url))

const address = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(
    ({ address: host, internal, scopeid = 0 }) => !internal && scopeid === 0 && isPrivateNetwork(host)
  )?.address

const workflow = {
  "3": { class_type: "KSampler", inputs: { seed: "{{seed}}", positive: ["6", 0] } },
  "6": { class_type: "CLIPTextEncode", inputs: { text: "{{prompt}}, masterpiece" } },
  "9": { class_type: "SaveImage", inputs: { images: ["3", 0] } }
}

const start = async (host: string, runningFor = 300) => {
  const emulator = await startEmulator({ host, submits: { comfyui: { task: { runningFor } } } })
  onTestFinished(() => emulator.close())
  const baseUrl = `${emulator.url}/comfyui`
  const cwd = newProject({
    "package.json": {},
    "gentask.config.json": {
      providers: { comfyui: { accounts: { studio: { baseUrl, workflows: { portrait: workflow } } } } }
    },
    "workflow_api.json": workflow
  })
  return { emulator, baseUrl, cwd, env: { XDG_STATE_HOME: newFolder() } }
}

const generate = ["generate", "comfyui@studio", "portrait", "-p", "A fox", "--interval", "100ms", "--json"]

describe.each([
  ["this machine", "127.0.0.1"],
  ["a machine of the same network", address]
])("an account without an API key on %s", (_name, host) => {
  it.skipIf(host === undefined)("is configured, generates and saves", async () => {
    const { emulator, cwd, env } = await start(host ?? "")
    const { status, stdout, stderr } = await run([...generate, "-o", "out"], { cwd, env })
    assert.strictEqual(status, 0, stderr)
    assert.include(onlyJsonOf(stdout), { status: "succeeded", account: "studio" })
    const file = (await readdir(join(cwd, "out"))).find((name) => name.endsWith(".png")) ?? ""
    assert.deepEqual((await readFile(join(cwd, "out", file))).subarray(1, 4).toString(), "PNG")
    const [task] = emulator.tasks()
    assert.strictEqual(task?.prompt, "A fox, masterpiece")
    assert.notProperty(emulator.posts()[0]?.headers ?? {}, "authorization")
  })

  it.skipIf(host === undefined)("submits the workflow of a file, and saves in another process", async () => {
    const { cwd, env } = await start(host ?? "")
    const submit = ["submit", "comfyui@studio", "any", "--input-json", "workflow_api.json", "-p", "A fox"]
    const submitted = await run([...submit, "--json"], { cwd, env })
    assert.strictEqual(submitted.status, 0, submitted.stderr)
    const ref = String(onlyJsonOf(submitted.stdout)["ref"])
    const saved = await run(["wait", ref, "--save", "out", "--interval", "100ms"], { cwd, env })
    assert.strictEqual(saved.status, 0, saved.stderr)
    assert.isTrue((await readdir(join(cwd, "out"))).some((name) => name.endsWith(".png")))
  })

  it.skipIf(host === undefined)("uploads a file, and cancels the task", async () => {
    const { emulator, cwd, env } = await start(host ?? "", 60_000)
    const edit = { ...workflow, "10": { class_type: "LoadImage", inputs: { image: "{{image}}" } } }
    const submit = ["submit", "comfyui@studio", "edit", "-p", "A fox", "--json", "--image", picture]
    const project = newProject({
      "package.json": {},
      "gentask.config.json": await readFile(join(cwd, "gentask.config.json"), "utf8"),
      "edit.json": edit
    })
    const options = { cwd: project, env }
    const submitted = await run([...submit, "--input-json", "edit.json"], options)
    assert.strictEqual(submitted.status, 0, submitted.stderr)
    assert.strictEqual(emulator.uploads()[0]?.reference, "sample.png")
    const ref = String(onlyJsonOf(submitted.stdout)["ref"])
    const canceled = await run(["cancel", ref], options)
    assert.strictEqual(canceled.status, 0, canceled.stderr)
    const queried = await run(["query", ref, "--json"], options)
    assert.strictEqual(onlyJsonOf(queried.stdout)["status"], "canceled")
  })
})

describe("an account without an API key", () => {
  it("is listed as ready", async () => {
    const { stdout } = await run(["providers", "--json"], {})
    const account = linesOf(stdout)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ provider }) => provider === "comfyui")
    assert.deepInclude(account, { endpoint: "local", problem: null })
  })

  it("must be at an https URL on the internet", async () => {
    const env = { COMFYUI_BASE_URL: "http://comfy.example.com" }
    const { status, stderr } = await run(["query", "comfyui:1"], { env })
    assert.strictEqual(status, 2)
    assert.include(stderr, "Plain http is allowed on loopback and in private networks only.")
  })

  it("must be at an https URL in a network if it has a key after all", async () => {
    const env = { COMFYUI_BASE_URL: "http://192.168.1.5:8188", COMFYUI_API_KEY: "sk-1" }
    const { status, stderr } = await run(["query", "comfyui:1"], { env })
    assert.strictEqual(status, 2)
    assert.include(stderr, "would send the API key unencrypted")
  })

  it("reports what is missing in a workflow before anything is sent", async () => {
    const { emulator, cwd, env } = await start("127.0.0.1")
    const submit = async (...args: ReadonlyArray<string>) => {
      const { status, stderr } = await run(["submit", "comfyui@studio", ...args], { cwd, env })
      assert.strictEqual(status, 2, stderr)
      return stderr
    }
    assert.include(await submit("workflow_api.json", "-p", "A fox"), "--input-json FILE")
    assert.include(await submit("portrait"), "The workflow has {{prompt}}, but no value for it was given")
    assert.include(await submit("portrait", "-p", "A fox", "--count", "2"), "The workflow has no {{count}}")
    assert.deepEqual(emulator.requests, [])
  })
})
