import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync } from "node:fs"
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { setImmediate as nextTurn } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it, vi } from "vitest"
import { DurationStore } from "@gentask/core"

const root = mkdtempSync(join(tmpdir(), "gentask-durations-"))
afterAll(() => rm(root, { recursive: true, force: true }))

/** A path in a folder that does not exist yet. */
const newPath = (): string => join(mkdtempSync(join(root, "test-")), "state", "durations.json")

/** A path with a file of this content. */
const newFile = async (content: string): Promise<string> => {
  const path = newPath()
  await mkdir(dirname(path))
  await writeFile(path, content)
  return path
}

const ended = (until: number): DurationStore.Durations => ({
  ages: [{ from: 0, until, ended: true }],
  shares: []
})

const untils = (store: DurationStore.DurationStore, key: string): ReadonlyArray<number> =>
  (store.get(key)?.ages ?? []).map(({ until }) => until)

describe("DurationStore.memory", () => {
  it("returns the same object until new durations are recorded", () => {
    const store = DurationStore.memory()
    expect(store.get("a")).toBeUndefined()
    store.record("a", ended(1))
    const first = store.get("a")
    expect(store.get("a")).toBe(first)
    store.record("a", ended(2))
    expect(store.get("a")).not.toBe(first)
    expect(untils(store, "a")).toEqual([1, 2])
  })

  it("keeps the 200 keys that were last recorded to", () => {
    const store = DurationStore.memory()
    store.record("kept", ended(1))
    for (let index = 0; index < 199; index += 1) store.record(`key ${index}`, ended(index + 1))
    store.record("kept", ended(2))
    store.record("one more", ended(1))
    expect(untils(store, "kept")).toEqual([1, 2])
    expect(untils(store, "key 0")).toEqual([])
    expect(untils(store, "key 1")).toEqual([2])
  })

  it("records a hundred thousand tasks that did not end, and keeps the last 32", () => {
    const store = DurationStore.memory()
    for (let index = 1; index <= 100_000; index += 1)
      store.record("a", { ages: [{ from: 0, until: index, ended: false }], shares: [] })
    expect(untils(store, "a")).toEqual(Array.from({ length: 32 }, (_, index) => 99_969 + index))
  })
})

describe("DurationStore.file", () => {
  it("creates its folder, and reads back the rounded durations", async () => {
    const path = newPath()
    const store = await DurationStore.file(path)
    store.record("acme@acme api.acme.example painter", {
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
    expect((await DurationStore.file(path)).get("acme@acme api.acme.example painter")).toEqual({
      ages: [
        { from: 0, until: 60_001, ended: true },
        { from: 10, until: 500, ended: false }
      ],
      shares: [{ from: 0.25, until: 1.0123, ended: true }]
    })
  })

  it("writes durations without a call of flush", async () => {
    const path = newPath()
    const store = await DurationStore.file(path)
    store.record("a", ended(7))
    await vi.waitFor(async () => expect(await readFile(path, "utf8")).toContain('"ages":[[0,7,1]]'), {
      timeout: 10_000
    })
  })

  it.skipIf(process.platform === "win32")("creates a file that only its owner can read", async () => {
    const path = newPath()
    const store = await DurationStore.file(path)
    store.record("a", ended(7))
    await store.flush()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it("stays below a megabyte", async () => {
    const path = newPath()
    const store = await DurationStore.file(path)
    for (let key = 0; key < 250; key += 1) {
      for (let index = 0; index < 100; index += 1) {
        store.record(`jimeng@octopusx relay.example.com ${"m".repeat(100)}${key}`, {
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

  it.each([
    ["invalid JSON", "{ torn"],
    ["no content", ""],
    ["a JSON array", '["hello"]'],
    ["the JSON value null", "null"],
    ["invalid groups", '{"version":1,"groups":"many"}'],
    [
      "invalid observations",
      '{"version":1,"groups":{"a":{"ages":[[1],[-5,-1,1],["x",2,1],null,[0,1e999,1],[9,3,1]],"shares":7},"b":null,"__proto__":{"ages":[]}}}'
    ]
  ])("treats a file with %s as empty, and replaces it", async (_, content) => {
    const path = await newFile(content)
    const store = await DurationStore.file(path)
    expect(untils(store, "a")).toEqual([])
    store.record("a", ended(3))
    await store.flush()
    expect(untils(await DurationStore.file(path), "a")).toEqual([3])
  })

  it("keeps the valid parts of a file that is partly invalid", async () => {
    const path = await newFile(
      '{"version":1,"groups":{"a":{"ages":[[0,5,1],["x",2,1],[2,9,0]],"shares":[[0.25,-1,1],[0.25,1,1]]}}}'
    )
    expect((await DurationStore.file(path)).get("a")).toEqual({
      ages: [
        { from: 0, until: 5, ended: true },
        { from: 2, until: 9, ended: false }
      ],
      shares: [{ from: 0.25, until: 1, ended: true }]
    })
  })

  it("creates no file if no durations were recorded", async () => {
    const path = newPath()
    await (await DurationStore.file(path)).flush()
    await expect(stat(path)).rejects.toThrow("ENOENT")
  })

  it("does not change a file of another version", async () => {
    const content = '{"version":2,"groups":{"a":"who knows"}}'
    const path = await newFile(content)
    const store = await DurationStore.file(path)
    store.record("a", ended(3))
    await store.flush()
    expect(await readFile(path, "utf8")).toBe(content)
    expect(untils(store, "a")).toEqual([3])
  })

  it("adds to what another store has written, and reads it", async () => {
    const path = newPath()
    const [first, second] = await Promise.all([DurationStore.file(path), DurationStore.file(path)])
    first.record("a", ended(1))
    second.record("a", ended(2))
    second.record("b", ended(3))
    await first.flush()
    await second.flush()
    expect(untils(second, "a")).toEqual([1, 2])
    expect(untils(first, "b")).toEqual([])
    first.record("a", ended(4))
    await first.flush()
    expect(untils(first, "b")).toEqual([3])
    expect(untils(await DurationStore.file(path), "a")).toEqual([1, 2, 4])
  })

  it("is valid JSON at any time while several processes write it, and loses few durations", async () => {
    const path = newPath()
    const writer = fileURLToPath(new URL("../../support/durationWriter.ts", import.meta.url))
    const keys = ["a", "b", "c"]
    const processes = keys.map((key) =>
      spawn(process.execPath, ["--conditions=@gentask/source", writer, path, key, "20"], {
        stdio: "inherit"
      })
    )
    const state = { isWriting: true }
    const exits = Promise.all(processes.map((process) => once(process, "close"))).finally(
      () => (state.isWriting = false)
    )
    while (state.isWriting) {
      const text = await readFile(path, "utf8").catch(() => "{}")
      expect(() => JSON.parse(text) as unknown).not.toThrow()
      await nextTurn()
    }
    expect((await exits).map(([code]) => code as number)).toEqual([0, 0, 0])
    const store = await DurationStore.file(path)
    for (const key of keys) expect(untils(store, key).length).toBeGreaterThan(10)
    expect(await readdir(dirname(path))).toEqual(["durations.json"])
  })

  it("keeps durations in memory while the file cannot be written, and writes them later", async () => {
    const path = newPath()
    const folder = dirname(path)
    await writeFile(folder, "a file in place of the folder")
    const store = await DurationStore.file(path)
    store.record("a", ended(1))
    await store.flush()
    store.record("a", ended(2))
    expect(untils(store, "a")).toEqual([1, 2])
    expect(await readFile(folder, "utf8")).toBe("a file in place of the folder")
    await rm(folder)
    await store.flush()
    expect(untils(await DurationStore.file(path), "a")).toEqual([1, 2])
  })
})
