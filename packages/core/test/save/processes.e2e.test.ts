/** Several processes that save the same output: killed, suspended, or with a slow disk. */
import { randomBytes } from "node:crypto"
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises"
import type { ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { png } from "../support/mediaFiles.ts"
import { backdate, partOfSize, startFileServer, startSaver } from "../support/startSaver.ts"

/** A PNG with a large chunk of unknown type. */
const fileOf = (bytes: number): Buffer => {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(bytes)
  header.write("teSt", 4, "latin1")
  return Buffer.concat([png.subarray(0, 33), header, randomBytes(bytes), Buffer.alloc(4), png.subarray(33)])
}
const file = fileOf(1_000_000)

let dir = ""
let control = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
  control = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
  await rm(control, { recursive: true, force: true })
})

const headers = { "content-type": "image/png", "content-length": file.length, etag: '"v"' }

/** Sends the first bytes, and keeps the connection open. */
const stall = (response: ServerResponse, bytes: number): void => {
  response.writeHead(200, headers)
  response.write(file.subarray(0, bytes))
}

/** Sends the file, or the rest of it. */
const send = (response: ServerResponse, range: string | undefined): void => {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0)
  const contentRange = `bytes ${from}-${file.length - 1}/${file.length}`
  if (from === 0) response.writeHead(200, headers)
  else
    response.writeHead(206, {
      ...headers,
      "content-length": file.length - from,
      "content-range": contentRange
    })
  response.end(file.subarray(from))
}

const path = () => join(dir, "acme_1.png")
const names = async () => (await readdir(dir)).toSorted()

/** Checks that the folder contains the complete file with its manifest, and nothing else. */
const expectSaved = async (): Promise<void> => {
  expect(await names()).toEqual(["acme_1.png", "acme_1.png.json"])
  expect((await readFile(path())).equals(file)).toBe(true)
  expect(JSON.parse(await readFile(`${path()}.json`, "utf8"))).toMatchObject({ bytes: file.length })
}

const waiting = () => vi.waitFor(() => stat(join(control, "waiting")), { timeout: 20_000, interval: 10 })
const go = () => writeFile(join(control, "go"), "")

describe("a saver that is killed", { timeout: 60_000 }, () => {
  it("is replaced at once, and its download is resumed", async () => {
    await using server = await startFileServer((request, response, count) =>
      count === 1 ? stall(response, 400_000) : send(response, request.headers.range)
    )
    await using first = startSaver(server.baseUrl, dir)
    await partOfSize(dir, 300_000)
    first.kill("SIGKILL")
    await first.end()
    expect((await names()).filter((name) => !name.startsWith("."))).toEqual([])
    await using second = startSaver(server.baseUrl, dir)
    expect(await second.end()).toMatchObject({ saved: path(), alreadySaved: false })
    expect(second.events()[0]?.retry).toMatch(
      new RegExp(`^process ${first.pid} on .*, which was saving this file, is dead$`)
    )
    expect(server.ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)])
    await expectSaved()
  })

  it("by a signal that it handles releases its lock", async () => {
    await using server = await startFileServer((request, response, count) =>
      count === 1 ? stall(response, 400_000) : send(response, request.headers.range)
    )
    await using first = startSaver(server.baseUrl, dir)
    await partOfSize(dir, 300_000)
    first.kill("SIGTERM")
    expect(await first.end()).toMatchObject({ status: 143 })
    expect((await names()).filter((name) => name.endsWith(".lock"))).toEqual([])
    await using second = startSaver(server.baseUrl, dir)
    await second.end()
    expect(second.events().map((event) => Object.keys(event)[0])).toEqual(["saved"])
    expect(server.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/)
    await expectSaved()
  })
})

describe("a saver that is suspended", { timeout: 60_000 }, () => {
  it("does not touch the file that another one has saved in the meantime", async () => {
    let connection: ServerResponse | undefined
    await using server = await startFileServer((request, response, count) => {
      if (count > 1) return send(response, request.headers.range)
      connection = response
      return stall(response, 400_000)
    })
    await using first = startSaver(server.baseUrl, dir)
    await partOfSize(dir, 300_000)
    first.kill("SIGSTOP")
    await backdate(dir)
    await using second = startSaver(server.baseUrl, dir)
    expect(await second.end()).toMatchObject({ saved: path(), alreadySaved: false })
    expect(second.events()[0]?.retry).toMatch(
      /, which was saving this file, has not responded for \d+ seconds$/
    )
    const saved = await stat(path())
    // The rest of the file arrives as soon as the process continues.
    connection?.end(file.subarray(400_000))
    first.kill("SIGCONT")
    expect(await first.end()).toMatchObject({ saved: path(), alreadySaved: true })
    expect(await stat(path())).toMatchObject({ ino: saved.ino, mtimeMs: saved.mtimeMs, size: file.length })
    await expectSaved()
  })
})

describe("a saver whose disk is slow", { timeout: 60_000 }, () => {
  const slowSaver = (baseUrl: string, after: number) =>
    startSaver(baseUrl, dir, {
      preload: "slowDisk",
      env: { SLOW_DISK: dir, SLOW_DISK_AFTER: String(after), SLOW_DISK_CONTROL: control }
    })

  it("does not break the lock of another one that has broken a stale lock first", async () => {
    const inProgress = { now: 0, max: 0 }
    await using server = await startFileServer((_, response, count) => {
      if (count === 1) return stall(response, 400_000)
      inProgress.now += 1
      inProgress.max = Math.max(inProgress.max, inProgress.now)
      response.on("close", () => (inProgress.now -= 1))
      response.writeHead(200, headers)
      response.write(file.subarray(0, 500_000))
      // Finished once the slow saver has continued, and has had time to interfere.
      const finish = () => response.end(file.subarray(500_000))
      return void quickSaverWaits.promise.then(finish)
    })
    const quickSaverWaits = Promise.withResolvers<void>()
    await using killed = startSaver(server.baseUrl, dir)
    await partOfSize(dir, 300_000)
    killed.kill("SIGKILL")
    await killed.end()
    await using slow = slowSaver(server.baseUrl, 0)
    await waiting()
    await using quick = startSaver(server.baseUrl, dir)
    await vi.waitFor(() => expect(server.ranges).toHaveLength(2), { timeout: 20_000 })
    await go()
    await vi.waitFor(() => expect(slow.events().some(({ wait }) => wait !== undefined)).toBe(true), {
      timeout: 20_000
    })
    quickSaverWaits.resolve()
    expect(await quick.end()).toMatchObject({ saved: path(), alreadySaved: false })
    expect(await slow.end()).toMatchObject({ saved: path(), alreadySaved: true })
    expect(inProgress.max).toBe(1)
    await expectSaved()
  })

  // Linking the file, removing the part file, and moving and removing the lock.
  it.each([0, 1, 2, 3])(
    "leaves a complete file if another one takes over while operation %i is slow",
    async (after) => {
      await using server = await startFileServer((request, response) => send(response, request.headers.range))
      await using slow = slowSaver(server.baseUrl, after)
      await waiting()
      await using quick = startSaver(server.baseUrl, dir)
      // Again and again, because the slow saver still shows signs of life.
      await vi.waitFor(
        async () => {
          await backdate(dir)
          expect(quick.events().some(({ wait }) => wait === undefined)).toBe(true)
        },
        { timeout: 30_000, interval: 20 }
      )
      expect(await quick.end()).toMatchObject({ saved: path() })
      expect((await readFile(path())).equals(file)).toBe(true)
      await go()
      expect(await slow.end()).toMatchObject({ saved: path() })
      await expectSaved()
    }
  )
})

describe("a file system", { timeout: 60_000 }, () => {
  it("without hard links is enough, and no file is replaced on it", async () => {
    const env = { BROKEN_DISK: "links" }
    await using server = await startFileServer((request, response) => send(response, request.headers.range))
    await using first = startSaver(server.baseUrl, dir, { preload: "brokenDisk", env })
    expect(await first.end()).toMatchObject({ saved: path() })
    await expectSaved()
    await rm(`${path()}.json`)
    await writeFile(path(), "mine")
    await using second = startSaver(server.baseUrl, dir, { preload: "brokenDisk", env })
    expect((await second.end()).error).toContain("already exists and is not this output")
    expect(await readFile(path(), "utf8")).toBe("mine")
  })

  it.each(["writeFile", "writev", "sync"])(
    "without space is left without a lock: %s fails",
    async (method) => {
      await using server = await startFileServer((request, response) => send(response, request.headers.range))
      const options = { preload: "brokenDisk" as const, env: { BROKEN_DISK: method } }
      await using saver = startSaver(server.baseUrl, dir, options)
      expect((await saver.end()).error).toContain("the disk is full")
      const parts = method === "sync" ? [".acme_1.part", ".acme_1.part.json"] : []
      expect(await names()).toEqual(parts)
    }
  )
})
