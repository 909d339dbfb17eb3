import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { FileRoots } from "../src/files/FileRoots.ts"

let folder = ""
const at = (...names: ReadonlyArray<string>): string => join(folder, ...names)
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (error: unknown) => (error as Error).message
  )

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "gentask-roots-")))
  await mkdir(at("root"))
  await mkdir(at("root-2"))
  await writeFile(at("root", "a.txt"), "inside")
  await writeFile(at("root-2", "secret.txt"), "outside")
  await symlink(at("root"), at("alias"))
})
afterAll(() => rm(folder, { recursive: true }))

describe("FileRoots", () => {
  it("reads files below a root, also if the root is a link", async () => {
    for (const root of ["root", "alias"])
      assert.strictEqual(await (await new FileRoots([at(root)]).readFile("a.txt")).text(), "inside")
  })

  it("refuses a folder whose name starts with that of the root", async () => {
    const roots = new FileRoots([at("root")])
    assert.include(await messageOf(roots.readFile(at("root-2", "secret.txt"))), "outside of the allowed")
    assert.isFalse(await roots.contains(at("root-2", "secret.txt")))
  })

  it("never reads a file outside while links are swapped", async () => {
    const roots = new FileRoots([at("root")])
    const done = new AbortController()
    const swap = async (): Promise<void> => {
      for (let turn = 0; !done.signal.aborted; turn += 1) {
        const target = turn % 2 === 0 ? at("root-2", "secret.txt") : at("root", "a.txt")
        await symlink(target, at("root", "next"))
        await rename(at("root", "next"), at("root", "swapped"))
      }
    }
    await symlink(at("root", "a.txt"), at("root", "swapped"))
    const swapping = swap()
    for (let round = 0; round < 300; round += 1) {
      const read = await roots.readFile("swapped").then(
        (file) => file.text(),
        () => "refused"
      )
      assert.notStrictEqual(read, "outside")
    }
    done.abort()
    await swapping
  })

  it("refuses everything without a root", async () => {
    assert.include(await messageOf(new FileRoots([]).readFile(at("root", "a.txt"))), "outside of the allowed")
    assert.include(await messageOf(new FileRoots([]).outputFolder(at("root"))), "outside of the allowed")
  })

  it("refuses folders, large files and invalid paths", async () => {
    const roots = new FileRoots([at("root")])
    assert.include(await messageOf(roots.readFile(".")), "is not a file")
    assert.include(await messageOf(roots.readFile("a.txt", 3)), "more than 3 bytes")
    assert.include(await messageOf(roots.readFile("a\0.txt")), "Invalid path")
  })
})
