/** The main job, in process, over real sockets: each of the five systems, asked, watched, waited for and saved. */
import { createHash } from "node:crypto"
import { readFile, readdir } from "node:fs/promises"
import { basename } from "node:path"
import { fileTypeFromFile } from "file-type"
import { describe, expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { startSystems, systems } from "./systems.ts"

describe.each(systems)("$name", ({ script, ref, mediaType }) => {
  it("is asked about, watched, waited for and saved", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ ...script, queuedFor: 300, runningFor: 700 })

    const first = await gentask.query(ref(id))
    expect({ ref: first.ref, id: first.id, outputs: first.outputs, failure: first.failure }).toEqual({
      ref: ref(id),
      id,
      outputs: [],
      failure: null
    })
    expect(["queued", "running"]).toContain(first.status)

    const statuses: Array<string> = []
    for await (const snapshot of gentask.watch(ref(id))) statuses.push(snapshot.status)
    expect(statuses.at(-1)).toBe("succeeded")
    expect(statuses.slice(0, -1).every((status) => status === "queued" || status === "running")).toBe(true)

    const task = await gentask.wait(ref(id), { timeout: "10 seconds" })
    expect(task.status).toBe("succeeded")
    const [file, ...more] = await gentask.save(task, { dir: folder.path })
    expect(more).toEqual([])
    const bytes = await readFile(file?.path ?? "")
    expect({ bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }).toEqual({
      bytes: file?.bytes,
      sha256: file?.sha256
    })
    expect((await fileTypeFromFile(file?.path ?? ""))?.mime).toBe(mediaType)
    const note = JSON.parse(await readFile(`${file?.path}.json`, "utf8")) as Record<string, unknown>
    expect({ ref: note["ref"], sha256: note["sha256"], mediaType: note["mediaType"] }).toEqual({
      ref: ref(id),
      sha256: file?.sha256,
      mediaType
    })
    expect(JSON.stringify(note)).not.toMatch(/sig=|token=|x-signature/i)
    expect((await readdir(folder.path)).toSorted()).toEqual(
      [basename(file?.path ?? ""), `${basename(file?.path ?? "")}.json`].toSorted()
    )

    const requests = emulator.requests.length
    const [again] = await gentask.save(task, { dir: folder.path })
    expect(again).toEqual({ ...file, alreadySaved: true })
    expect(emulator.requests).toHaveLength(requests)
  })

  it("tells a failed task as a value of query and as an error of wait", async () => {
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

  it("is still running at a deadline, and resumes by its ref", async () => {
    await using context = await startSystems()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ ...script, runningFor: 1500 })
    await expect(gentask.wait(ref(id), { timeout: 200 })).rejects.toMatchObject({
      _tag: "StillRunning",
      ref: ref(id)
    })
    await expect(gentask.wait(ref(id), { timeout: "10 seconds" })).resolves.toMatchObject({
      status: "succeeded"
    })
  })

  it("goes on past a word that nobody knows", async () => {
    await using context = await startSystems()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ ...script, runningFor: 1000, statuses: { running: "frobnicating" } })
    await expect(gentask.query(ref(id))).resolves.toMatchObject({
      status: "unknown",
      rawStatus: "frobnicating"
    })
    await expect(gentask.wait(ref(id), { timeout: "10 seconds" })).resolves.toMatchObject({
      status: "succeeded"
    })
  })

  it("says that a success without any output is one, and does not save it", async () => {
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

  it("refuses a wrong key at once, without showing it", async () => {
    await using context = await startSystems({ apiKey: "sk-right" })
    const wrong = await startSystems({ apiKey: "sk-wrong-and-secret" })
    await using _ = wrong
    const { id } = context.emulator.addTask(script)
    const { createGentask } = await import("@gentask/core")
    const { accountsOn } = await import("./systems.ts")
    await using gentask = createGentask({
      providers: accountsOn(context.emulator.url, "sk-wrong-and-secret")
    })
    const error = await gentask.wait(ref(id)).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ _tag: "ProviderError", reason: { _tag: "Unauthorized" } })
    expect(String(error) + JSON.stringify(error)).not.toContain("sk-wrong-and-secret")
  })
})

describe("many tasks", () => {
  it("are all judged right, within the rate budget that the vendor counts", async () => {
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
    const verdicts = new Map<string, string>()
    for await (const settled of gentask.waitAll(expected.keys(), { timeout: "60 seconds" })) {
      verdicts.set(settled.ref, settled.ok ? "succeeded" : settled.error._tag)
    }
    expect(verdicts).toEqual(expected)
    const rate = emulator.rates().find(({ vendor }) => vendor === "aigptimage")
    expect(rate?.peakPerSecond).toBeLessThanOrEqual(200)
    expect(rate?.peakPerMinute).toBeLessThanOrEqual(12_000)
    expect(emulator.requests.filter(({ status }) => status === 429)).toEqual([])
  })
})
