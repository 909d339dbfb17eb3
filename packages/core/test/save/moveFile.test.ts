import { link, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { moveAside, moveUnlessExists, putBack } from "../../src/save/moveFile.ts"

let dir = ""
let from = ""
let to = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
  from = join(dir, "from")
  to = join(dir, "to")
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe("moveUnlessExists", () => {
  it("moves a file", async () => {
    await writeFile(from, "a")
    expect(await moveUnlessExists(from, to)).toBe(true)
    expect(await readdir(dir)).toEqual(["to"])
  })

  it("keeps both files if the new path is taken", async () => {
    await writeFile(from, "a")
    await writeFile(to, "b")
    expect(await moveUnlessExists(from, to)).toBe(false)
    expect([await readFile(from, "utf8"), await readFile(to, "utf8")]).toEqual(["a", "b"])
  })

  it("moves a file with another name", async () => {
    await writeFile(from, "a")
    await link(from, join(dir, "other"))
    expect(await moveUnlessExists(from, to)).toBe(true)
    expect((await readdir(dir)).toSorted()).toEqual(["other", "to"])
  })

  it("rejects if there is no file", async () => {
    await expect(moveUnlessExists(from, to)).rejects.toMatchObject({ code: "ENOENT" })
  })
})

describe("moveAside", () => {
  const isExpected = async (path: string) => (await readFile(path, "utf8")) === "a"

  it("moves the expected file", async () => {
    await writeFile(from, "a")
    expect(await moveAside(from, to, isExpected)).toBe(true)
    expect(await readdir(dir)).toEqual(["to"])
  })

  it("puts another file back", async () => {
    await writeFile(from, "b")
    expect(await moveAside(from, to, isExpected)).toBe(false)
    expect(await readdir(dir)).toEqual(["from"])
  })

  it("removes another file if its place was taken", async () => {
    await writeFile(from, "b")
    const replace = async () => {
      await writeFile(from, "c")
      return false
    }
    expect(await moveAside(from, to, replace)).toBe(false)
    expect({ names: await readdir(dir), text: await readFile(from, "utf8") }).toEqual({
      names: ["from"],
      text: "c"
    })
  })

  it("returns false if there is no file", async () => {
    expect(await moveAside(from, to, isExpected)).toBe(false)
  })
})

describe("putBack", () => {
  it("moves a file back unless its place is taken", async () => {
    await writeFile(to, "a")
    await putBack(to, from)
    await writeFile(to, "b")
    await putBack(to, from)
    expect({ names: await readdir(dir), text: await readFile(from, "utf8") }).toEqual({
      names: ["from"],
      text: "a"
    })
  })
})
