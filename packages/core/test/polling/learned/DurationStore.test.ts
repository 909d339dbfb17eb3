import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync } from "node:fs"
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { DurationStore } from "@gentask/core"

const home = mkdtempSync(join(tmpdir(), "gentask-durations-"))
afterAll(() => rm(home, { recursive: true, force: true }))

const newPath = (): string => join(mkdtempSync(join(home, "user-")), "state", "durations.json")

const end = (until: number): DurationStore.Durations => ({
  ages: [{ from: 0, until, ended: true }],
  shares: []
})

const untils = (store: DurationStore.DurationStore, group: string): ReadonlyArray<number> =>
  (store.recall(group)?.ages ?? []).map(({ until }) => until)

describe("a store in memory", () => {
  it("answers the same object as long as nothing new is known", () => {
    const store = DurationStore.memory()
    expect(store.recall("a")).toBeUndefined()
    store.learn("a", end(1))
    const first = store.recall("a")
    expect(store.recall("a")).toBe(first)
    store.learn("a", end(2))
    expect(store.recall("a")).not.toBe(first)
    expect(untils(store, "a")).toEqual([1, 2])
  })

  it("remembers 200 groups: those learned of last", () => {
    const store = DurationStore.memory()
    store.learn("kept", end(1))
    for (let index = 0; index < 199; index += 1) store.learn(`group ${index}`, end(index + 1))
    store.learn("kept", end(2))
    store.learn("one more", end(1))
    expect(untils(store, "kept")).toEqual([1, 2])
    expect(untils(store, "group 0")).toEqual([])
    expect(untils(store, "group 1")).toEqual([2])
  })

  it("bears a hundred thousand watches that are given up at once", () => {
    const store = DurationStore.memory()
    for (let index = 1; index <= 100_000; index += 1)
      store.learn("a", { ages: [{ from: 0, until: index, ended: false }], shares: [] })
    expect(untils(store, "a")).toEqual(Array.from({ length: 32 }, (_, index) => 99_969 + index))
  })
})

describe("a store in a file", () => {
  it("is read back by the next process, rounded, in a folder that it makes", async () => {
    const path = newPath()
    const store = await DurationStore.file(path)
    store.learn("acme@acme api.acme.example painter", {
      ages: [
        { from: 0.4, until: 60_000.6, ended: true },
        { from: 10, until: 500, ended: false }
      ],
      shares: [{ from: 0.25, until: 1.012345, ended: true }]
    })
    await store.flush()
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
      version: 1,
      about: expect.any(String) as string,
      groups: {
        "acme@acme api.acme.example painter": {
          ages: [
            [0, 60_001, 1],
            [10, 500, 0]
          ],
          shares: [[0.25, 1.0123, 1]]
        }
      }
    })
    expect((await DurationStore.file(path)).recall("acme@acme api.acme.example painter")).toEqual({
      ages: [
        { from: 0, until: 60_001, ended: true },
        { from: 10, until: 500, ended: false }
      ],
      shares: [{ from: 0.25, until: 1.0123, ended: true }]
    })
  })

  it("is written by itself a second after something was learned", async () => {
    const path = newPath()
    const store = await DurationStore.file(path)
    store.learn("a", end(7))
    await expect
      .poll(() => readFile(path, "utf8").catch(() => ""), { timeout: 10_000 })
      .toContain('"ages":[[0,7,1]]')
  })

  it.skipIf(process.platform === "win32")("is readable by its owner alone", async () => {
    const path = newPath()
    const store = await DurationStore.file(path)
    store.learn("a", end(7))
    await store.flush()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it("stays below a megabyte, whatever is learned", async () => {
    const path = newPath()
    const store = await DurationStore.file(path)
    for (let group = 0; group < 250; group += 1) {
      for (let index = 0; index < 100; index += 1) {
        store.learn(`jimeng@octopusx relay.example.com ${"m".repeat(100)}${group}`, {
          ages: [{ from: 100_000 + index, until: 3_000_000 + index, ended: index % 2 === 0 }],
          shares: [{ from: 0.25, until: 1.2345, ended: index % 2 === 0 }]
        })
      }
    }
    await store.flush()
    const { groups } = JSON.parse(await readFile(path, "utf8")) as { groups: object }
    expect(Object.keys(groups)).toHaveLength(200)
    expect((await stat(path)).size).toBeLessThan(1e6)
  })

  const broken = {
    "no JSON": "{ torn",
    nothing: "",
    "another JSON": '["hello"]',
    null: "null",
    "groups that are none": '{"version":1,"groups":"many"}',
    "observations that are none":
      '{"version":1,"groups":{"a":{"ages":[[1],[-5,-1,1],["x",2,1],null,[0,1e999,1],[9,3,1]],"shares":7},"b":null,"__proto__":{"ages":[]}}}'
  }

  it.each(Object.entries(broken))("takes %s for no knowledge, and replaces it", async (_, content) => {
    const path = newPath()
    await mkdir(join(path, ".."))
    await writeFile(path, content)
    const store = await DurationStore.file(path)
    expect(untils(store, "a")).toEqual([])
    store.learn("a", end(3))
    await store.flush()
    expect(untils(await DurationStore.file(path), "a")).toEqual([3])
  })

  it("keeps what is sound in a file that is broken in parts", async () => {
    const path = newPath()
    await mkdir(join(path, ".."))
    await writeFile(
      path,
      '{"version":1,"groups":{"a":{"ages":[[0,5,1],["x",2,1],[2,9,0]],"shares":[[0.25,-1,1],[0.25,1,1]]}}}'
    )
    expect((await DurationStore.file(path)).recall("a")).toEqual({
      ages: [
        { from: 0, until: 5, ended: true },
        { from: 2, until: 9, ended: false }
      ],
      shares: [{ from: 0.25, until: 1, ended: true }]
    })
  })

  it("is not written where nothing was learned", async () => {
    const path = newPath()
    await (await DurationStore.file(path)).flush()
    await expect(stat(path)).rejects.toThrow("ENOENT")
  })

  it("leaves a file of another version alone", async () => {
    const path = newPath()
    await mkdir(join(path, ".."))
    const content = '{"version":2,"groups":{"a":"who knows"}}'
    await writeFile(path, content)
    const store = await DurationStore.file(path)
    store.learn("a", end(3))
    await store.flush()
    expect(await readFile(path, "utf8")).toBe(content)
    expect(untils(store, "a")).toEqual([3])
  })

  it("adds to what another store wrote meanwhile, and learns it too", async () => {
    const path = newPath()
    const [one, other] = await Promise.all([DurationStore.file(path), DurationStore.file(path)])
    one.learn("a", end(1))
    other.learn("a", end(2))
    other.learn("b", end(3))
    await one.flush()
    await other.flush()
    expect(untils(other, "a")).toEqual([1, 2])
    expect(untils(one, "b")).toEqual([])
    one.learn("a", end(4))
    await one.flush()
    expect(untils(one, "b")).toEqual([3])
    expect(untils(await DurationStore.file(path), "a")).toEqual([1, 2, 4])
  })

  it("is whole at every moment while processes write it all the time, and loses little of it", async () => {
    const path = newPath()
    const writer = fileURLToPath(new URL("../../support/durationWriter.ts", import.meta.url))
    const names = ["a", "b", "c"]
    const processes = names.map((name) =>
      spawn(process.execPath, ["--conditions=@gentask/source", writer, path, name, "20"], {
        stdio: "inherit"
      })
    )
    const state = { isWriting: true }
    const ended = Promise.all(processes.map((each) => once(each, "close"))).finally(
      () => (state.isWriting = false)
    )
    while (state.isWriting) {
      const text = await readFile(path, "utf8").catch(() => "{}")
      expect(() => JSON.parse(text) as unknown).not.toThrow()
      await delay(2)
    }
    expect((await ended).map(([code]) => code as number)).toEqual([0, 0, 0])
    const store = await DurationStore.file(path)
    for (const name of names) expect(untils(store, name).length).toBeGreaterThan(10)
    expect(await readdir(join(path, ".."))).toEqual(["durations.json"])
  })

  it("fails nobody where its folder cannot be: it goes on in memory, and writes all when it can", async () => {
    const path = newPath()
    const folder = join(path, "..")
    await writeFile(folder, "a file")
    const store = await DurationStore.file(path)
    store.learn("a", end(1))
    await store.flush()
    store.learn("a", end(2))
    expect(untils(store, "a")).toEqual([1, 2])
    expect(await readFile(folder, "utf8")).toBe("a file")
    await rm(folder)
    await store.flush()
    expect(untils(await DurationStore.file(path), "a")).toEqual([1, 2])
  })
})
