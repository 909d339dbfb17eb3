/** Query, watch, wait and save for each documented system, over real sockets. */
import { createHash } from "node:crypto"
import { readFile, readdir } from "node:fs/promises"
import { basename } from "node:path"
import { fileTypeFromFile } from "file-type"
import { describe, expect, it } from "vitest"
import { createGentask } from "@gentask/core"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { accountsOn, replaceTask, startSystems, systems } from "./systems.ts"

describe.each(systems)("$name", ({ script, ref, mediaType, hasStatusWords = true, isKeyless = false }) => {
  it("queries, watches, waits for and saves a task", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const added = emulator.addTask({ ...script, queuedFor: 600_000 })
    const { id } = added

    const first = await gentask.query(ref(id))
    expect(first).toMatchObject({ ref: ref(id), id, outputs: [], failure: null })
    expect(["queued", "running"]).toContain(first.status)

    const statuses: Array<string> = []
    for await (const { status } of gentask.watch(ref(id))) {
      statuses.push(status)
      if (statuses.length === 1) replaceTask(emulator, added, script)
    }
    expect(statuses).toEqual([first.status, "succeeded"])

    const task = await gentask.wait(ref(id))
    expect(task.status).toBe("succeeded")
    const [file, ...others] = await gentask.save(task, { dir: folder.path })
    expect(others).toEqual([])
    const bytes = await readFile(file?.path ?? "")
    expect({ bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }).toEqual({
      bytes: file?.bytes,
      sha256: file?.sha256
    })
    expect((await fileTypeFromFile(file?.path ?? ""))?.mime).toBe(mediaType)
    const manifest = JSON.parse(await readFile(`${file?.path}.json`, "utf8")) as Record<string, unknown>
    expect(manifest).toMatchObject({ ref: ref(id), sha256: file?.sha256, mediaType })
    expect(JSON.stringify(manifest)).not.toMatch(/sig=|token=|x-signature/i)
    expect((await readdir(folder.path)).toSorted()).toEqual(
      [basename(file?.path ?? ""), `${basename(file?.path ?? "")}.json`].toSorted()
    )

    const requests = emulator.requests.length
    const [again] = await gentask.save(task, { dir: folder.path })
    expect(again).toEqual({ ...file, alreadySaved: true })
    expect(emulator.requests).toHaveLength(requests)
  })

  it("returns a failed task from `query`, and rejects in `wait`", async () => {
    await using context = await startSystems()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ ...script, end: "failed" })
    const snapshot = await gentask.query(ref(id))
    expect(snapshot.status).toBe("failed")
    expect(snapshot.failure).not.toBeNull()
    const { reason, code, message } = snapshot.failure ?? {}
    await expect(gentask.wait(ref(id))).rejects.toMatchObject({
      _tag: "TaskFailed",
      ref: ref(id),
      snapshot: { status: "failed", failure: { reason, code, message } }
    })
  })

  it("rejects with StillRunning at the deadline of a wait, and resumes by the ref", async () => {
    await using context = await startSystems()
    const { emulator, gentask } = context
    const task = emulator.addTask({ ...script, end: "never" })
    await expect(gentask.wait(ref(task.id), { timeout: 200 })).rejects.toMatchObject({
      _tag: "StillRunning",
      ref: ref(task.id)
    })
    replaceTask(emulator, task, script)
    await expect(gentask.wait(ref(task.id))).resolves.toMatchObject({ status: "succeeded" })
  })

  it.skipIf(!hasStatusWords)("continues to poll after an unknown status", async () => {
    await using context = await startSystems()
    const { emulator, gentask } = context
    const task = emulator.addTask({ ...script, end: "never", statuses: { running: "frobnicating" } })
    await expect(gentask.query(ref(task.id))).resolves.toMatchObject({
      status: "unknown",
      rawStatus: "frobnicating"
    })
    const onUpdate = ({ status }: { readonly status: string }) => {
      if (status === "unknown") replaceTask(emulator, task, script)
    }
    await expect(gentask.wait(ref(task.id), { onUpdate })).resolves.toMatchObject({ status: "succeeded" })
  })

  it("retries a query after each HTTP error that does not mean that it is invalid", async () => {
    const statuses = [408, 409, 425, 500, 502, 503, 504]
    await using context = await startSystems({}, { retry: { times: statuses.length, maxDelay: 1 } })
    const { emulator, gentask } = context
    const faults = statuses.map((status) => ({ fault: "status", status }) as const)
    const { id } = emulator.addTask({ ...script, faults })
    await expect(gentask.query(ref(id))).resolves.toMatchObject({ status: "succeeded" })
  })

  it("reports a success without an output as a success with a warning, and does not save it", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ ...script, media: [] })
    const task = await gentask.wait(ref(id))
    expect({ outputs: task.outputs, warnings: task.warnings }).toEqual({
      outputs: [],
      warnings: ["The task succeeded, but the response contains no usable output."]
    })
    await expect(gentask.save(task, { dir: folder.path })).rejects.toMatchObject({
      _tag: "SaveError",
      reason: { _tag: "NoOutput" }
    })
  })

  it.skipIf(isKeyless)(
    "rejects with Unauthorized for an invalid API key, and does not show the key",
    async () => {
      await using context = await startSystems({ apiKey: "sk-valid" })
      const { id } = context.emulator.addTask(script)
      await using gentask = createGentask({
        providers: accountsOn(context.emulator.url, "sk-invalid-and-secret")
      })
      const error = await gentask.wait(ref(id)).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ _tag: "ProviderError", reason: { _tag: "Unauthorized" } })
      expect(String(error) + JSON.stringify(error)).not.toContain("sk-invalid-and-secret")
    }
  )
})

describe("`waitAll` with a thousand tasks", () => {
  it("reports each status correctly, within the rate limit that the vendor counts", async () => {
    const windows = [
      { limit: 200, windowSeconds: 1 },
      { limit: 12_000, windowSeconds: 60 }
    ]
    await using context = await startSystems({ limits: { aigptimage: windows } })
    const { emulator, gentask } = context
    const expected = new Map<string, string>()
    const kinds = systems.filter(({ name }) => name !== "jimeng at deepwl")
    for (let index = 0; index < 1000; index += 1) {
      const system = kinds[index % kinds.length]
      if (system === undefined) continue
      const end = index % 7 === 0 ? "failed" : "succeeded"
      const { id } = emulator.addTask({ ...system.script, runningFor: (index * 37) % 3000, end })
      expected.set(system.ref(id), end === "succeeded" ? "succeeded" : "TaskFailed")
    }
    const results = new Map<string, string>()
    for await (const settled of gentask.waitAll(expected.keys())) {
      results.set(settled.ref, settled.ok ? "succeeded" : settled.error._tag)
    }
    expect(results).toEqual(expected)
    const rate = emulator.rates().find(({ vendor }) => vendor === "aigptimage")
    expect(rate?.peakPerSecond).toBeLessThanOrEqual(200)
    expect(rate?.peakPerMinute).toBeLessThanOrEqual(12_000)
    expect(emulator.requests.filter(({ status }) => status === 429)).toEqual([])
  })
})
