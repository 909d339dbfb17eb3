import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from "node:fs/promises"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { withLock } from "../../src/save/SaveLock.ts"
import { instantClock } from "../support/instantClock.ts"

let dir = ""
let path = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
  path = join(dir, ".a.lock")
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const ago = (milliseconds: number): Date => new Date(Date.now() - milliseconds)
const locked = (use: Effect.Effect<unknown>): Promise<unknown> => Effect.runPromise(withLock(path, use))

/** Leaves a lock whose last heartbeat was some time ago. */
const leaveLock = async (ageMs: number): Promise<void> => {
  await writeFile(path, "")
  await utimes(path, ago(ageMs), ago(ageMs))
}

describe("withLock", () => {
  it("creates a lock file with process id and host name, and removes it at the end", async () => {
    const text = await locked(Effect.promise(() => readFile(path, "utf8")))
    expect(text).toBe(`${process.pid} ${hostname()}\n`)
    expect(await readdir(dir)).toEqual([])
  })

  it.each([
    ["fails", Effect.fail("no")],
    ["dies", Effect.die("no")]
  ])("releases the lock if the effect %s", async (_, use) => {
    await Effect.runPromiseExit(withLock(path, use))
    expect(await readdir(dir)).toEqual([])
  })

  it("releases the lock if the effect is interrupted", async () => {
    const fiber = Effect.runFork(withLock(path, Effect.never))
    await vi.waitFor(async () => expect(await readdir(dir)).toEqual([".a.lock"]))
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(await readdir(dir)).toEqual([])
  })

  it("runs concurrent effects one after another", async () => {
    const log: Array<string> = []
    const use = (name: string) =>
      Effect.promise(async () => {
        log.push(`${name} begins`)
        // Time for another effect to begin, if the lock did not prevent it.
        for (let call = 0; call < 20; call += 1) await stat(path)
        log.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([locked(use("a")), locked(use("b")), locked(use("c"))])).toEqual(["a", "b", "c"])
    const names = log.filter((_, index) => index % 2 === 0).map((line) => line.replace(" begins", ""))
    expect(log).toEqual(names.flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  it("waits for a lock whose last heartbeat was less than 30 seconds ago", async () => {
    await leaveLock(29_000)
    const clock = instantClock(0)
    const use = vi.fn<() => void>()
    const result = Effect.runPromise(clock.run(withLock(path, Effect.sync(use))))
    await vi.waitFor(() => expect(clock.slept.length).toBeGreaterThan(2))
    expect(new Set(clock.slept)).toEqual(new Set([100]))
    expect(use).not.toHaveBeenCalled()
    await rm(path)
    await result
    expect(use).toHaveBeenCalledOnce()
  })

  it("removes a lock whose last heartbeat was more than 30 seconds ago", async () => {
    await leaveLock(31_000)
    expect(await locked(Effect.succeed("mine"))).toBe("mine")
    expect(await readdir(dir)).toEqual([])
  })

  it("fails if the lock file cannot be created", async () => {
    const missing = join(dir, "missing", ".a.lock")
    const failure = await Effect.runPromise(Effect.flip(withLock(missing, Effect.void)))
    expect(failure.reason).toEqual({ _tag: "NotWritable", path: missing, code: "ENOENT" })
  })

  it("updates the lock file every five seconds, without keeping the process alive", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] })
    try {
      const isFresh = async () => Date.now() - (await stat(path)).mtimeMs < 10_000
      await locked(
        Effect.promise(async () => {
          await utimes(path, ago(20_000), ago(20_000))
          vi.advanceTimersByTime(4999)
          // Time for an update that is too early.
          for (let call = 0; call < 20; call += 1) expect(await isFresh()).toBe(false)
          vi.advanceTimersByTime(1)
          await vi.waitFor(async () => expect(await isFresh()).toBe(true))
        })
      )
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
