import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile
} from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { breakLock, readHolder } from "../../src/save/lock/lockFile.ts"
import { makeOwner } from "../../src/save/lock/LockOwner.ts"
import { LockLost, withLock } from "../../src/save/lock/SaveLock.ts"
import type { SaveLock } from "../../src/save/lock/SaveLock.ts"
import { instantClock } from "../support/instantClock.ts"

let dir = ""
let path = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
  path = join(dir, ".a.lock")
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const ago = (milliseconds: number): Date => new Date(Date.now() - milliseconds)

const waits: Array<string> = []
const takeOvers: Array<string> = []
beforeEach(() => {
  waits.length = 0
  takeOvers.length = 0
})

const lock = <A, E>(use: (lock: SaveLock) => Effect.Effect<A, E | LockLost>) =>
  withLock(
    {
      dir,
      stem: "a",
      onWait: (message) => waits.push(message),
      onTakeOver: (message) => takeOvers.push(message)
    },
    use
  )
const locked = <A>(use: Effect.Effect<A, LockLost>): Promise<A> => Effect.runPromise(lock(() => use))

const owner = (fields: { readonly pid?: number; readonly machine?: string } = {}) => {
  const { token, ...rest } = makeOwner()
  const [machine, pid, ...others] = token.split("-")
  const parts = [fields.machine ?? machine, fields.pid?.toString(36) ?? pid, ...others]
  return { ...rest, pid: fields.pid ?? rest.pid, host: "elsewhere", token: parts.join("-") }
}
const alive = owner()
const dead = owner({ pid: 2 ** 31 - 2 })
const remote = owner({ pid: 2 ** 31 - 2, machine: "00000000" })

/** Leaves a lock whose last heartbeat was some time ago. */
const leaveLock = async (ageMs: number, content: object | string = alive): Promise<void> => {
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content))
  await utimes(path, ago(ageMs), ago(ageMs))
}

describe("withLock", () => {
  it("creates a lock file that describes its owner, and removes it at the end", async () => {
    const { token, text } = await Effect.runPromise(
      lock(({ token }) => Effect.promise(async () => ({ token, text: await readFile(path, "utf8") })))
    )
    const { token: _, ...rest } = makeOwner()
    expect(JSON.parse(text)).toEqual({ token, ...rest })
    expect(await readdir(dir)).toEqual([])
  })

  it.each([
    ["fails", Effect.fail("no")],
    ["dies", Effect.die("no")]
  ])("releases the lock if the effect %s", async (_, use) => {
    await Effect.runPromiseExit(lock(() => use))
    expect(await readdir(dir)).toEqual([])
  })

  it("releases the lock if the effect is interrupted", async () => {
    const fiber = Effect.runFork(lock(() => Effect.never))
    await vi.waitFor(async () => expect(await readdir(dir)).toEqual([".a.lock"]), 15_000)
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(await readdir(dir)).toEqual([])
  })

  it("runs concurrent effects one after another, also if the owner is this process", async () => {
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

  it.each([
    ["whose owner is alive", alive],
    ["of another machine", remote],
    ["that is not written yet", ""]
  ])("waits for a lock %s whose last heartbeat was less than 30 seconds ago", async (_, content) => {
    await leaveLock(29_000, content)
    const clock = instantClock(0)
    const use = vi.fn<() => void>()
    const result = Effect.runPromise(clock.run(lock(() => Effect.sync(use))))
    await vi.waitFor(() => expect(clock.slept.length).toBeGreaterThan(2), 15_000)
    expect(new Set(clock.slept)).toEqual(new Set([100]))
    expect(use).not.toHaveBeenCalled()
    await rm(path)
    await result
    expect(use).toHaveBeenCalledOnce()
    const pid = typeof content === "string" ? undefined : content.pid
    expect(waits).toEqual(
      pid === undefined ? [] : [`waiting for process ${pid} on elsewhere, which is saving this file`]
    )
    expect(takeOvers).toEqual([])
  })

  it.each([
    ["whose owner is suspended", alive],
    ["of another machine", remote]
  ])("takes over a lock %s once its last heartbeat was more than 30 seconds ago", async (_, content) => {
    await leaveLock(31_000, content)
    expect(await locked(Effect.succeed("mine"))).toBe("mine")
    expect(await readdir(dir)).toEqual([])
    expect(waits).toEqual([])
    expect(takeOvers).toEqual([
      `process ${content.pid} on elsewhere, which was saving this file, has not responded for 31 seconds`
    ])
  })

  it("takes over a lock whose time is in the future after 30 seconds without a heartbeat", async () => {
    await leaveLock(-86_400_000, remote)
    const now = vi.spyOn(performance, "now")
    try {
      const clock = instantClock(0)
      const start = performance.now()
      const result = Effect.runPromise(clock.run(lock(() => Effect.void)))
      await vi.waitFor(() => expect(clock.slept.length).toBeGreaterThan(2), 15_000)
      now.mockReturnValue(start + 60_000)
      await result
    } finally {
      now.mockRestore()
    }
    expect(takeOvers).toEqual([
      `process ${remote.pid} on elsewhere, which was saving this file, has not responded for 30 seconds`
    ])
  })

  it.each([0, 60_000])("fails for a folder in place of the lock, and leaves it", async (ageMs) => {
    await mkdir(path)
    await writeFile(join(path, "precious.txt"), "")
    await utimes(path, ago(ageMs), ago(ageMs))
    const failure = await Effect.runPromise(Effect.flip(lock(() => Effect.void)))
    expect(failure).toMatchObject({ reason: { _tag: "FileExists", path } })
    expect(await readdir(path)).toEqual(["precious.txt"])
  })

  it("takes over a stale lock with unknown content", async () => {
    await leaveLock(31_000, "1234 elsewhere\n")
    await locked(Effect.void)
    expect(takeOvers).toEqual([
      "another process, which was saving this file, has not responded for 31 seconds"
    ])
  })

  it("takes over the lock of a dead process at once", async () => {
    await leaveLock(0, dead)
    const clock = instantClock(0)
    await Effect.runPromise(clock.run(lock(() => Effect.void)))
    expect({ waits, takeOvers, slept: clock.slept }).toEqual({
      waits: [],
      takeOvers: [`process ${dead.pid} on elsewhere, which was saving this file, is dead`],
      slept: []
    })
  })

  it("removes a symbolic link in place of the lock, and keeps the file that it leads to", async () => {
    const victim = join(dir, "precious.txt")
    await writeFile(victim, JSON.stringify(alive))
    await symlink(victim, path)
    await locked(Effect.void)
    expect(takeOvers).toEqual(["the lock file is a symbolic link, which gentask never creates"])
    expect(await readdir(dir)).toEqual(["precious.txt"])
    expect(await readFile(victim, "utf8")).toBe(JSON.stringify(alive))
  })

  it("fails if the lock file cannot be created", async () => {
    const missing = join(dir, "missing")
    const failure = await Effect.runPromise(
      Effect.flip(withLock({ dir: missing, stem: "a" }, () => Effect.void))
    )
    expect(failure).toMatchObject({
      reason: { _tag: "NotWritable", path: join(missing, ".a.lock"), code: "ENOENT" }
    })
  })
})

describe("a lock that is held", () => {
  it("is updated every five seconds, without keeping the process alive", async () => {
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
          await vi.waitFor(async () => expect(await isFresh()).toBe(true), 15_000)
        })
      )
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  const takeOver = async (): Promise<void> => {
    await rm(path)
    await leaveLock(0, alive)
  }

  it("is lost if another owner has taken it over, and is then left as it is", async () => {
    const checks: Array<boolean> = []
    const use = ({ isHeld }: SaveLock) =>
      Effect.gen(function* () {
        checks.push(yield* Effect.promise(isHeld))
        if (checks.length > 1) return
        yield* Effect.promise(takeOver)
        checks.push(yield* Effect.promise(isHeld))
        yield* new LockLost()
      })
    const result = Effect.runPromise(lock(use))
    await vi.waitFor(() => expect(waits).toHaveLength(1), 15_000)
    expect(checks).toEqual([true, false])
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(alive)
    await rm(path)
    await result
    expect(checks).toEqual([true, false, true])
  })

  it("interrupts its effect at the next heartbeat if it was lost, and runs it again when it is free", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] })
    try {
      const runs: Array<string> = []
      const use = ({ token }: SaveLock) =>
        Effect.suspend(() => {
          runs.push(token)
          return runs.length === 1
            ? Effect.onInterrupt(Effect.never, () => Effect.sync(() => runs.push("interrupted")))
            : Effect.void
        })
      const result = Effect.runPromise(lock(use))
      await vi.waitFor(() => expect(runs).toHaveLength(1), 15_000)
      await takeOver()
      vi.advanceTimersByTime(5000)
      await vi.waitFor(() => expect(waits).toHaveLength(1), 15_000)
      expect(runs.slice(1)).toEqual(["interrupted"])
      await rm(path)
      await result
      expect(runs).toHaveLength(3)
      expect(runs[2]).not.toBe(runs[0])
    } finally {
      vi.useRealTimers()
    }
  })

  it("is not lost while another process puts it back", async () => {
    await Effect.runPromise(
      lock(({ isHeld }) =>
        Effect.promise(async () => {
          const aside = join(dir, "aside")
          await rename(path, aside)
          const check = isHeld()
          await rename(aside, path)
          expect(await check).toBe(true)
        })
      )
    )
    expect(await readdir(dir)).toEqual([])
  })
})

describe("breakLock", () => {
  const aside = () => join(dir, "aside")

  it("removes the lock that was judged", async () => {
    await leaveLock(31_000)
    const holder = await readHolder(path)
    expect(holder && (await breakLock(path, holder, aside()))).toBe(true)
    expect(await readdir(dir)).toEqual([])
  })

  it.each([
    ["another owner has broken it in the meantime", 0, remote],
    ["another owner has it and is stale, too", 31_000, remote],
    ["its owner has shown a sign of life", 0, alive]
  ])("puts the lock back if %s", async (_, ageMs, content) => {
    await leaveLock(31_000)
    const holder = await readHolder(path)
    await leaveLock(ageMs, content)
    expect(holder && (await breakLock(path, holder, aside()))).toBe(false)
    expect(await readdir(dir)).toEqual([".a.lock"])
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(content)
  })

  it("does nothing if the lock was released", async () => {
    await leaveLock(31_000)
    const holder = await readHolder(path)
    await rm(path)
    expect(holder && (await breakLock(path, holder, aside()))).toBe(false)
    expect(await readdir(dir)).toEqual([])
  })
})
