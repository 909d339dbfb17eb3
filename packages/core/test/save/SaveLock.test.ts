import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from "node:fs/promises"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { withLock } from "../../src/save/SaveLock.ts"

let dir = ""
let path = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
  path = join(dir, ".a.lock")
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })

const ago = (milliseconds: number): Date => new Date(Date.now() - milliseconds)
const held = (use: Effect.Effect<unknown>): Promise<unknown> =>
  Effect.runPromise(withLock("acme:1", path, use))

describe("the lock of a file", () => {
  it("is there while its holder works, says whose it is, and is gone then", async () => {
    const text = await held(Effect.promise(() => readFile(path, "utf8")))
    expect(text).toBe(`${process.pid} ${hostname()}\n`)
    expect(await readdir(dir)).toEqual([])
  })

  it.each([
    ["fails", Effect.fail("no")],
    ["dies", Effect.die("no")]
  ])("is gone when its holder %s", async (_, use) => {
    await Effect.runPromiseExit(withLock("acme:1", path, use))
    expect(await readdir(dir)).toEqual([])
  })

  it("is gone when its holder is interrupted", async () => {
    const fiber = Effect.runFork(withLock("acme:1", path, Effect.never))
    await vi.waitFor(async () => expect(await readdir(dir)).toEqual([".a.lock"]))
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(await readdir(dir)).toEqual([])
  })

  it("lets one after the other have it", async () => {
    const log: Array<string> = []
    const use = (name: string) =>
      Effect.promise(async () => {
        log.push(`${name} begins`)
        await pause(30)
        log.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([held(use("a")), held(use("b")), held(use("c"))])).toEqual(["a", "b", "c"])
    const names = log.filter((_, index) => index % 2 === 0).map((line) => line.replace(" begins", ""))
    expect(log).toEqual(names.flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  it("of a holder that was there half a minute ago is waited for", async () => {
    await writeFile(path, "")
    await utimes(path, ago(29_000), ago(29_000))
    const work = vi.fn<() => void>()
    const waiting = held(Effect.sync(work))
    await pause(250)
    expect(work).not.toHaveBeenCalled()
    await rm(path)
    await waiting
    expect(work).toHaveBeenCalledOnce()
  })

  it("of a holder that has been silent for longer is taken away", async () => {
    await writeFile(path, "")
    await utimes(path, ago(31_000), ago(31_000))
    expect(await held(Effect.succeed("mine"))).toBe("mine")
    expect(await readdir(dir)).toEqual([])
  })

  it("that cannot be made is told", async () => {
    const error = await Effect.runPromise(
      Effect.flip(withLock("acme:1", join(dir, "missing", ".a.lock"), Effect.void))
    )
    expect(error).toMatchObject({
      problem: "NotWritable",
      message: `acme:1: cannot write to ${join(dir, "missing", ".a.lock")} (ENOENT). Choose a folder that you may write to.`
    })
  })

  it("shows every five seconds that its holder is there, and keeps no process alive", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] })
    try {
      const times = await held(
        Effect.promise(async () => {
          const touched: Array<boolean> = []
          for (const elapsed of [4999, 1]) {
            await utimes(path, ago(20_000), ago(20_000))
            vi.advanceTimersByTime(elapsed)
            await pause(50)
            const { mtimeMs } = await import("node:fs/promises").then(({ stat }) => stat(path))
            touched.push(Date.now() - mtimeMs < 10_000)
          }
          return touched
        })
      )
      expect(times).toEqual([false, true])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
