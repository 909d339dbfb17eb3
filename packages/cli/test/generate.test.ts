import { mkdir, readFile, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, beforeEach, describe, it, vi } from "vitest"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run, runInShell, start } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()
const picture = fileURLToPath(new URL("../../emulator/media/sample.png", import.meta.url))

let env: Readonly<Record<string, string>> = {}
beforeEach(() => {
  env = { ...fixture.env, XDG_STATE_HOME: newFolder() }
  fixture.emulator.clearRequests()
  fixture.emulator.scriptSubmits("jimmy", { task: { runningFor: 300 }, faults: [] })
})

const image = ["generate", "jimmy", "gpt-image-2", "-p", "A fox", "--interval", "100ms"]

const filesIn = (line: Record<string, unknown>) =>
  line["files"] as ReadonlyArray<{ readonly path: string; readonly bytes: number }>

describe("generate", () => {
  it("submits, waits and saves", async () => {
    const out = newFolder()
    const args = [...image, "--image", picture, "-o", out, "--json"]
    const { status, stdout, stderr } = await run(args, { env })
    assert.strictEqual(status, 0, stderr)
    const line = onlyJsonOf(stdout)
    const [file] = filesIn(line)
    assert.strictEqual(line["status"], "succeeded")
    assert.strictEqual((await readFile(file?.path ?? "")).length, file?.bytes)
    assert.strictEqual(linesOf(stderr)[0], `Submitted ${String(line["ref"])}`)
  })

  it("saves into the working folder by default", async () => {
    const cwd = newFolder()
    const { status, stderr } = await run(image, { env, cwd })
    assert.strictEqual(status, 0, stderr)
    assert.isTrue((await readdir(cwd)).some((name) => name.endsWith(".png")))
  })

  it("ends with status 3 at the timeout, and prints a command that resumes without another submit", async () => {
    fixture.emulator.scriptSubmits("jimmy", { task: { runningFor: 2500 } })
    const out = newFolder()
    const first = await run([...image, "-o", out, "--timeout", "300ms"], { env })
    assert.strictEqual(first.status, 3, first.stderr)
    const command = linesOf(first.stderr).at(-1)?.replace("To resume: ", "") ?? ""
    assert.match(command, /^gentask wait '?jimmy:\S+ --timeout 300ms --save \S+ --interval 100ms$/)
    const resumed = await runInShell(command.replace("--timeout 300ms", ""), { env })
    assert.strictEqual(resumed.status, 0, resumed.stderr)
    assert.lengthOf(fixture.emulator.posts(), 1)
    assert.isNotEmpty(await readdir(out))
  })

  it("prints a command that resumes if it is interrupted", async () => {
    fixture.emulator.scriptSubmits("jimmy", { task: { end: "never" } })
    const { child, stderr, result } = start([...image, "-o", newFolder()], { env })
    await vi.waitFor(() => assert.include(stderr(), "Submitted jimmy:"), { timeout: 10_000 })
    child.kill("SIGINT")
    const { status } = await result
    assert.strictEqual(status, 130)
    assert.match(linesOf(stderr()).at(-1) ?? "", /^To resume: gentask wait '?jimmy:/)
  })

  it("ends with the status of the submit or of the task", async () => {
    fixture.emulator.scriptSubmits("jimmy", { faults: [{ fault: "without-id" }] })
    const unknown = await run(image, { env, cwd: newFolder() })
    assert.strictEqual(unknown.status, 7, unknown.stderr)
    fixture.emulator.scriptSubmits("jimmy", { faults: [], task: { end: "failed" } })
    const failed = await run(image, { env, cwd: newFolder() })
    assert.strictEqual(failed.status, 1, failed.stderr)
  })
})

describe("--batch", () => {
  const batch = async (): Promise<string> => {
    const file = join(newFolder(), "prompts.jsonl")
    const lines = ["A fox", "A cat", "A fox"].map((prompt) => JSON.stringify({ prompt }))
    await writeFile(file, `${lines.join("\n")}\n\n`)
    return file
  }

  it("submits each line once, also if it is run again", async () => {
    const args = ["submit", "jimmy", "gpt-image-2", "--batch", await batch(), "--json", "--yes"]
    const first = await run(args, { env })
    assert.strictEqual(first.status, 0, first.stderr)
    const refs = jsonLinesOf(first.stdout).map(({ ref, line }) => [line, ref])
    assert.lengthOf(new Set(refs.map(([, ref]) => ref)), 3)
    const second = await run(args, { env })
    assert.sameDeepMembers(
      jsonLinesOf(second.stdout).map(({ ref, line }) => [line, ref]),
      refs
    )
    assert.lengthOf(fixture.emulator.posts(), 3)
  })

  it("is saved by generate", async () => {
    const out = newFolder()
    const args = ["generate", "jimmy", "gpt-image-2", "--batch", await batch(), "-o", out, "--yes"]
    const { status, stderr } = await run([...args, "--interval", "100ms"], { env })
    assert.strictEqual(status, 0, stderr)
    assert.lengthOf(
      (await readdir(out)).filter((name) => name.endsWith(".png")),
      3
    )
  })

  it("needs --yes without a terminal", async () => {
    const { status, stderr } = await run(["submit", "jimmy", "gpt-image-2", "--batch", await batch()], {
      env
    })
    assert.strictEqual(status, 2)
    assert.include(
      stderr,
      "The batch has 3 requests that create a task. Add --yes to submit. Nothing was sent."
    )
    assert.lengthOf(fixture.emulator.requests, 0)
  })

  it("reports all invalid lines at once, and sends nothing", async () => {
    const input = '{ "prompt": "A" }\n{ "promt": "B" }\n{ "prompt": "C", "images": ["gone.png"] }\nnonsense\n'
    const args = ["submit", "jimmy", "gpt-image-2", "--batch", "-", "--yes"]
    const parsed = await run(args, { env, input })
    assert.strictEqual(parsed.status, 2)
    assert.match(parsed.stderr, /Invalid batch\. Nothing was sent\.\nLine 2: .*promt.*\nLine 4: Invalid JSON/)
    const validated = await run(args, { env, input: '{ "prompt": "C", "images": ["gone.png"] }\n' })
    assert.strictEqual(validated.status, 2)
    assert.include(validated.stderr, "Line 1: Invalid input for jimmy gpt-image-2. Nothing was sent.")
    assert.lengthOf(fixture.emulator.requests, 0)
  })
})

describe("the limits of spend", () => {
  const submit = ["submit", "jimmy", "gpt-image-2", "-p", "A fox"]

  it("need --yes without a terminal", async () => {
    const cwd = newFolder()
    await writeFile(join(cwd, "gentask.config.json"), '{ "spend": { "maxSubmitsPerDay": 1 } }')
    assert.strictEqual((await run(submit, { env, cwd })).status, 0)
    const { status, stderr } = await run(submit, { env, cwd })
    assert.strictEqual(status, 2)
    assert.include(stderr, "1 task was submitted in the last 24 hours, and spend.maxSubmitsPerDay is 1.")
    assert.lengthOf(fixture.emulator.posts(), 1)
    assert.strictEqual((await run([...submit, "--yes"], { env, cwd })).status, 0)
  })

  it("of the user cannot be relaxed by a project", async () => {
    const [cwd, config] = [newFolder(), newFolder()]
    await writeFile(join(cwd, "gentask.config.json"), '{ "spend": { "confirm": false } }')
    await mkdir(join(config, "gentask"))
    await writeFile(join(config, "gentask", "config.json"), '{ "spend": { "confirm": true } }')
    const { status, stderr } = await run(submit, { env: { ...env, XDG_CONFIG_HOME: config }, cwd })
    assert.strictEqual(status, 2)
    assert.include(stderr, "spend.confirm is set. Add --yes to submit.")
    assert.lengthOf(fixture.emulator.posts(), 0)
  })
})
