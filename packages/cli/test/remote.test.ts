import { createHash } from "node:crypto"
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, vi } from "vitest"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run, start } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { picture } from "./submits.ts"
import { onlyJimmy, startTestTracker } from "./trackers.ts"
import type { TestTracker } from "./trackers.ts"

const fixture = useEmulator()
const image = ["jimmy", "gpt-image-2", "-p", "A fox in the snow"]
let started: TestTracker | undefined
const tracker = (): TestTracker => {
  if (started === undefined) throw new Error("The tracker has not started yet.")
  return started
}
beforeAll(async () => {
  started = await startTestTracker(onlyJimmy(fixture.env))
})
afterAll(() => started?.[Symbol.asyncDispose]())

describe("a command that a tracker carries out", () => {
  it("generates without an API key: submits, waits, and saves the tracker's files", async () => {
    fixture.emulator.clearRequests()
    const out = newFolder()
    const { status, stdout, stderr } = await tracker().runRemotely("generate", ...image, "-o", out, "--json")
    assert.strictEqual(status, 0, stderr)
    const { files } = onlyJsonOf(stdout) as {
      readonly files: ReadonlyArray<{ path: string; sha256: string }>
    }
    assert.lengthOf(files, 1)
    for (const { path, sha256 } of files)
      assert.strictEqual(createHash("sha256").update(readFileSync(path)).digest("hex"), sha256)
    const downloads = fixture.emulator.requests.filter(({ purpose }) => purpose === "media")
    assert.lengthOf(downloads, 1, "only the tracker downloads from the vendor")
  })

  it("sends the files of a submit", async () => {
    const { status, stderr } = await tracker().runRemotely(
      "submit",
      "jimmy",
      "flux-3-i2v-draft",
      "-p",
      "It turns around",
      "--image",
      picture
    )
    assert.strictEqual(status, 0, stderr)
  })

  it("prints the same as without a tracker", async () => {
    const { taskId } = fixture
    const ref = `jimmy:${taskId}`
    const remote = await tracker().runRemotely("wait", ref, "--json")
    const direct = await run(["wait", ref, "--json"], {
      env: { ...fixture.env, XDG_STATE_HOME: newFolder() }
    })
    const { outputs: _, ...snapshot } = onlyJsonOf(direct.stdout)
    assert.deepInclude(onlyJsonOf(remote.stdout), snapshot)
    assert.deepStrictEqual(remote.status, direct.status)
    const shown = await tracker().runRemotely("show", ref, "--json")
    assert.deepInclude(onlyJsonOf(shown.stdout)["snapshot"] as object, snapshot)
    const events = onlyJsonOf(shown.stdout)["events"] as ReadonlyArray<{ readonly kind: string }>
    assert.includeMembers(
      events.map(({ kind }) => kind),
      ["task.added", "task.status"]
    )
    const [listed] = jsonLinesOf((await tracker().runRemotely("list", "--json", "--limit", "100")).stdout)
    assert.containsAllKeys(listed as object, ["ref", "account", "status", "addedAt", "fileCount", "intent"])
  })

  it("exits with the status of a failed task, of a timeout and of an invalid ref", async () => {
    const failed = fixture.emulator.addTask({ vendor: "jimmy", end: "failed" })
    const slow = fixture.emulator.addTask({ vendor: "jimmy", runningFor: 600_000 })
    const statusOf = async (...args: ReadonlyArray<string>) => (await tracker().runRemotely(...args)).status
    assert.strictEqual(await statusOf("wait", `jimmy:${failed.id}`), 1)
    assert.strictEqual(await statusOf("wait", `jimmy:${slow.id}`, "--timeout", "1s"), 3)
    assert.strictEqual(await statusOf("query", "nope:1"), 2)
    assert.strictEqual(await statusOf("save", `jimmy:${slow.id}`, "-o", newFolder()), 3)
    assert.strictEqual(await statusOf("submit", "jimmy", "gpt-image-2"), 2)
  })

  it("reports the error of the tracker's polls while it waits", async () => {
    const waiting = start(["wait", "jimmy:missing-task"], { env: tracker().remoteEnv })
    await vi.waitFor(() => assert.match(waiting.stderr(), /the vendor does not know this task/), 30_000)
    waiting.child.kill("SIGKILL")
    await waiting.result
  })

  it("reports that a submit with the same key is a repetition", async () => {
    const submit = async () => {
      const { status, stdout, stderr } = await tracker().runRemotely(
        "submit",
        ...image,
        "--idempotency-key",
        "twice",
        "--json"
      )
      assert.strictEqual(status, 0, stderr)
      return onlyJsonOf(stdout)
    }
    const first = await submit()
    assert.deepInclude(first, { isReplay: false })
    assert.deepInclude(await submit(), { isReplay: true, ref: first["ref"] })
  })

  it("submits a recorded request again", async () => {
    const [ref = ""] = linesOf((await tracker().runRemotely("submit", ...image)).stdout)
    const refused = await tracker().runRemotely("retry", ref)
    assert.strictEqual(refused.status, 2)
    const { status, stdout } = await tracker().runRemotely("retry", ref, "--yes")
    assert.strictEqual(status, 0)
    assert.match(stdout, /^jimmy:/)
    assert.notStrictEqual(stdout.trim(), ref)
  })

  it("says what to do about a wrong token, another server, and --raw", async () => {
    const { url, remoteEnv } = tracker()
    const errorOf = async (args: ReadonlyArray<string>, env: Readonly<Record<string, string>>) => {
      const { status, stderr } = await run(args, { env: { ...remoteEnv, ...env } })
      return `${status} ${stderr.trim()}`
    }
    assert.strictEqual(
      await errorOf(["list"], { GENTASK_TOKEN: "wrong-wrong-wrong-wrong" }),
      `4 gentask: The tracker at ${url} refused the token. Set GENTASK_TOKEN to one of its tokens.`
    )
    assert.strictEqual(
      await errorOf(["list"], { GENTASK_TOKEN: "" }),
      `2 gentask: The token of the tracker at ${url} is missing. Set GENTASK_TOKEN.`
    )
    assert.match(
      await errorOf(["list", "--server", fixture.emulator.url], {}),
      /^5 .* is not a gentask tracker/
    )
    assert.match(await errorOf(["list", "--server", "ftp://x"], {}), /^2 .*Invalid server/)
    assert.match(await errorOf(["query", "jimmy:1", "--raw"], {}), /^2 .*--raw is not available/)
  })

  it("continues to wait while the tracker is killed and started again", async () => {
    const vendors = onlyJimmy(fixture.env)
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", end: "never" })
    const ref = `jimmy:${id}`
    const state = newFolder()
    const first = await startTestTracker(vendors, undefined, state)
    const waiting = start(["wait", ref, "--json"], { env: first.remoteEnv })
    await vi.waitFor(() => assert.include(waiting.stderr(), "running"), 15_000)
    await first[Symbol.asyncDispose]()
    await vi.waitFor(() => assert.include(waiting.stderr(), "cannot be reached"), 15_000)
    assert.notInclude(waiting.stderr(), "vendor")
    fixture.emulator.removeTask("jimmy", id)
    fixture.emulator.addTask({ vendor: "jimmy", id })
    await using _ = await startTestTracker(vendors, ["--listen", new URL(first.url).host], state)
    const { status, stdout } = await waiting.result
    assert.strictEqual(status, 0)
    assert.deepInclude(onlyJsonOf(stdout), { ref, status: "succeeded" })
  })

  it("saves a file again that was saved before, without a download", async () => {
    const ref = `jimmy:${fixture.taskId}`
    const out = newFolder()
    const first = await tracker().runRemotely("save", ref, "-o", out)
    const second = await tracker().runRemotely("save", ref, "-o", out)
    assert.deepStrictEqual([first.status, second.status], [0, 0], first.stderr)
    assert.include(second.stdout, "already saved")
    assert.lengthOf(readdirSync(out), 2)
    assert.include(second.stdout, join(out, readdirSync(out)[0] ?? ""))
  })
})
