/** A tracker in a process of its own, on a SQLite file, that is killed and started again. */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import * as Effect from "effect/Effect"
import { describe, expect, it, vi } from "vitest"
import { newFolder } from "../support/folders.ts"
import { openDatabase } from "../support/openDatabase.ts"
import { startProgram } from "../support/startProgram.ts"
import type { ProgramOptions } from "../support/startProgram.ts"

const wait = { timeout: 60_000, interval: 50 }

const optionsOf = (emulator: Emulator, folder: string): ProgramOptions => ({
  accounts: [{ account: "jimmy", apiKey: emulator.apiKey }],
  baseUrl: emulator.url,
  database: { sqlite: join(folder, "ledger.db") },
  dir: join(folder, "files"),
  pollMs: 200,
  userAgent: "tracker"
})

describe("a tracker on a SQLite file", () => {
  it(
    "continues after kill -9: no task is lost, none is saved twice, and the rate limit holds",
    { timeout: 180_000 },
    async () => {
      await using emulator = await startEmulator({ limits: { jimmy: [{ limit: 20, windowSeconds: 2 }] } })
      using folder = newFolder()
      const options = { ...optionsOf(emulator, folder.path), limit: { requests: 20, windowMs: 2000 } }
      await using database = await openDatabase({ sqlite: join(folder.path, "ledger.db") })
      const tasks = Array.from({ length: 40 }, (_, index) =>
        emulator.addTask({ vendor: "jimmy", runningFor: 200 * index, media: ["webp"] })
      )
      const refs = tasks.map(({ id }) => `jimmy:${id}`)
      await database.addTasks(refs)
      for (const [index, savedBefore] of [3, 10, 18].entries()) {
        await using tracker = startProgram(options)
        await vi.waitFor(async () => {
          // A tracker that is killed before it owns the account is not the case that is tested.
          expect((await database.account("jimmy"))?.epoch).toBe(index + 1)
          const saved = (await database.tasks()).filter(({ saveState }) => saveState === "saved")
          expect(saved.length).toBeGreaterThanOrEqual(savedBefore)
        }, wait)
        await tracker.kill()
      }
      await using tracker = startProgram(options)
      await vi.waitFor(async () => {
        const states = (await database.tasks()).map(({ status, saveState }) => `${status} ${saveState}`)
        expect(states).toEqual(refs.map(() => "succeeded saved"))
      }, wait)
      const events = await database.events()
      for (const type of ["task.added", "task.ended", "task.saved"])
        expect(
          events
            .filter((event) => event.type === type)
            .map(({ ref }) => ref)
            .toSorted()
        ).toEqual(refs.toSorted())
      const files = (await readdir(join(folder.path, "files"))).filter((name) => name.endsWith(".webp"))
      expect(files).toHaveLength(40)
      expect(emulator.requests.filter(({ status }) => status === 429)).toEqual([])
      expect((await database.account("jimmy"))?.epoch).toBe(4)
      expect(await tracker.stop()).toBe(0)
    }
  )

  it(
    "is refused while another tracker uses the file, and starts as soon as that one is killed",
    { timeout: 90_000 },
    async () => {
      await using emulator = await startEmulator()
      using folder = newFolder()
      const options = optionsOf(emulator, folder.path)
      await using first = startProgram(options)
      const url = await first.ready()
      await using second = startProgram(options)
      const message = await second.error()
      expect(message).toContain(`process ${first.pid}`)
      expect(message).toContain(url)
      expect(await second.end()).toBe(1)
      await first.kill()
      await using third = startProgram(options)
      await third.ready()
      expect(await third.stop()).toBe(0)
    }
  )

  it("never repeats a submit whose response was lost when it was killed", { timeout: 90_000 }, async () => {
    await using emulator = await startEmulator({
      submits: { jimmy: { faults: [{ fault: "late", ms: 60_000 }] } }
    })
    using folder = newFolder()
    const options = optionsOf(emulator, folder.path)
    await using database = await openDatabase({ sqlite: join(folder.path, "ledger.db") })
    const queue = async (id: string) => {
      const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox" }
      await Effect.runPromise(
        database.store.queueSubmit({ id, account: "jimmy", idempotencyKey: id, digest: id, request })
      )
    }
    const state = async (id: string) => (await Effect.runPromise(database.store.submit(id)))?.state
    const postCount = () => emulator.submitCounts().reduce((sum, { posts }) => sum + posts, 0)
    await queue("lost")
    await using tracker = startProgram(options)
    await vi.waitFor(() => expect(postCount()).toBe(1), wait)
    await tracker.kill()
    await queue("later")
    await using _successor = startProgram(options)
    await vi.waitFor(async () => {
      expect([await state("lost"), await state("later")]).toEqual(["unknown", "accepted"])
    }, wait)
    expect(postCount()).toBe(2)
  })

  it("resumes a download that was under way when it was killed", { timeout: 90_000 }, async () => {
    await using emulator = await startEmulator()
    using folder = newFolder()
    const options = optionsOf(emulator, folder.path)
    await using database = await openDatabase({ sqlite: join(folder.path, "ledger.db") })
    const mediaSize = 4_000_000
    const task = emulator.addTask({
      vendor: "jimmy",
      media: ["webp"],
      mediaSize,
      mediaFaults: [{ fault: "hang", after: 1_000_000 }]
    })
    const ref = `jimmy:${task.id}`
    await database.addTasks([ref])
    await using tracker = startProgram(options)
    const names = () => readdir(options.dir, { recursive: true })
    // Notes of downloads are written after a moment. Until they are complete, they have another name.
    await vi.waitFor(
      async () => expect((await names()).some((name) => name.endsWith(".part.json"))).toBe(true),
      wait
    )
    await tracker.kill()
    await using _successor = startProgram(options)
    await vi.waitFor(async () => {
      expect((await database.task(ref))?.saveState).toBe("saved")
    }, wait)
    const [file] = (await database.task(ref))?.files ?? []
    expect(file).toMatchObject({ bytes: mediaSize, sha256: await emulator.digest("jimmy", task.id) })
    expect(emulator.requests.some(({ purpose, headers }) => purpose === "media" && "range" in headers)).toBe(
      true
    )
  })
})
