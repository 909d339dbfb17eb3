import { createHash } from "node:crypto"
import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  utimes,
  writeFile
} from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { closePartFile, releasePartFile } from "../../src/save/download/PartFile.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"
import { openPartFile, removeLeftovers, restorePartFile } from "../../src/save/download/partFolder.ts"
import type { IsSameOutput } from "../../src/save/download/partFolder.ts"
import { ownedPath, releasedPartPath } from "../../src/save/hiddenFiles.ts"
import { makeOwner } from "../../src/save/lock/LockOwner.ts"

const [first, second] = ["a.png", "b.png"].map((name, index) => ({
  source: `https://files.example.com/${name}`,
  query: [],
  sha256: null,
  position: index + 1,
  count: 2
}))
const isFirst: IsSameOutput = ({ source }) => source === first?.source
const stem = "acme_1"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
const opened: Array<PartFile> = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((part) => closePartFile(part).catch(() => undefined)))
  await rm(dir, { recursive: true, force: true })
})

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
const noteOf = (text: string, identity = first) =>
  JSON.stringify({ identity, validator: '"v"', total: 9, bytes: text.length, sha256: sha256(text) })

const token = makeOwner().token
/** The token of a process that does not exist. */
const deadToken = token.replace(/-[0-9a-z]+-/, `-${(2 ** 31 - 2).toString(36)}-`)
/** The token of this process, as if it were another one. */
const aliveToken = makeOwner().token
/** The token of a process on another machine. */
const remoteToken = `00000000-1-1-00000000`

const released = () => releasedPartPath(dir, stem)
const partOf = (owner: string) => ownedPath(dir, stem, owner, "part")
const leave = async (path: string, text: string, note = noteOf(text)) => {
  await writeFile(path, text)
  await writeFile(`${path}.json`, note)
}

/** Opens and restores a part file, and returns what is in it. */
const restore = async () => {
  const folder = { dir, stem, token, names: await readdir(dir) }
  const part = await openPartFile(folder, isFirst)
  opened.push(part)
  await restorePartFile(part, folder, isFirst, new AbortController().signal)
  return {
    part,
    text: await readFile(part.path, "utf8"),
    size: part.size,
    isResumable: part.metadata !== undefined,
    digest: part.hash.copy().digest("hex"),
    names: (await readdir(dir)).filter((name) => !name.includes(token)).toSorted()
  }
}

const empty = { text: "", size: 0, isResumable: false, digest: sha256("") }
const restored = (text: string) => ({ text, size: text.length, isResumable: true, digest: sha256(text) })

describe("a part file without an owner", () => {
  it("is continued, and gets an owner", async () => {
    await leave(released(), "abc")
    expect(await restore()).toMatchObject({ ...restored("abc"), names: [] })
  })

  it("loses the bytes that its note does not cover", async () => {
    await leave(released(), "abc")
    await appendFile(released(), "xyz")
    expect(await restore()).toMatchObject(restored("abc"))
  })

  it.each([
    ["has other bytes", "abX", noteOf("abc")],
    ["is shorter than its note says", "ab", noteOf("abc")],
    ["has an invalid note", "abc", "{"],
    ["has a note whose validator is not a header", "abc", noteOf("abc").replace('"v\\"', '"v\\r\\n\\"')]
  ])("is not continued if it %s", async (_, text, note) => {
    await leave(released(), text, note)
    expect(await restore()).toMatchObject(empty)
  })

  it("is left as it is if it is a folder", async () => {
    await mkdir(released())
    await writeFile(`${released()}.json`, noteOf("abc"))
    expect(await restore()).toMatchObject({ ...empty, names: [".acme_1.part", ".acme_1.part.json"] })
  })

  it("is left as it is if it belongs to another file, or if nothing can be resumed", async () => {
    await leave(released(), "abc", noteOf("abc", second))
    const names = [".acme_1.part", ".acme_1.part.json"]
    const other = await restore()
    expect(other).toMatchObject({ ...empty, names })
    await closePartFile(other.part)
    await rm(other.part.path)
    const inline = await openPartFile({ dir, stem, token, names: await readdir(dir) }, undefined)
    opened.push(inline)
    expect({ size: inline.size, unverified: inline.unverified }).toEqual({ size: 0, unverified: undefined })
  })

  it.each([
    ["symbolic", symlink],
    ["hard", link]
  ])("is not written to if it is a %s link", async (_, makeLink) => {
    const victim = join(dir, "precious.txt")
    await writeFile(victim, "abc")
    await makeLink(victim, released())
    await writeFile(`${released()}.json`, noteOf("abc"))
    expect(await restore()).toMatchObject({ ...empty, names: ["precious.txt"] })
    expect(await readFile(victim, "utf8")).toBe("abc")
  })

  it("is not continued if only its note is left", async () => {
    await leave(released(), "abc")
    await rm(released())
    // The name of a file that has just been removed.
    const folder = { dir, stem, token, names: [".acme_1.part", ".acme_1.part.json"] }
    const part = await openPartFile(folder, isFirst)
    opened.push(part)
    expect({ size: part.size, unverified: part.unverified }).toEqual({ size: 0, unverified: undefined })
  })

  it("is left for the next call if the verification is interrupted", async () => {
    await leave(released(), "abc")
    const folder = { dir, stem, token, names: await readdir(dir) }
    const part = await openPartFile(folder, isFirst)
    await expect(restorePartFile(part, folder, isFirst, AbortSignal.abort())).rejects.toThrow("aborted")
    await releasePartFile(part, released())
    expect(await restore()).toMatchObject(restored("abc"))
  })
})

describe("the part file of another owner", () => {
  it.each([
    ["dead", deadToken, []],
    ["suspended", aliveToken, [`.acme_1.${aliveToken}.part`, `.acme_1.${aliveToken}.part.json`]],
    [
      "on another machine",
      remoteToken,
      [".acme_1.00000000-1-1-00000000.part", ".acme_1.00000000-1-1-00000000.part.json"]
    ]
  ])("that is %s is copied, and kept unless the owner is dead", async (_, owner, names) => {
    await leave(partOf(owner), "abc")
    await appendFile(partOf(owner), "xyz")
    const { part, ...rest } = await restore()
    expect(rest).toMatchObject({ ...restored("abc"), names })
    if (names.length > 0) expect(await readFile(partOf(owner), "utf8")).toBe("abcxyz")
    // The copy has a note at once.
    expect(JSON.parse(await readFile(`${part.path}.json`, "utf8"))).toMatchObject({
      bytes: 3,
      sha256: sha256("abc")
    })
  })

  it("is the newest one that is intact", async () => {
    const [oldest, middle, newest] = [makeOwner().token, makeOwner().token, makeOwner().token]
    await leave(partOf(oldest), "a")
    await leave(partOf(middle), "ab")
    await leave(partOf(newest), "abX", noteOf("abc"))
    const now = Date.now() / 1000
    await utimes(`${partOf(oldest)}.json`, now - 30, now - 30)
    await utimes(`${partOf(middle)}.json`, now - 20, now - 20)
    expect(await restore()).toMatchObject(restored("ab"))
  })

  it("is ignored if it belongs to another file or has no note, and if it is a symbolic link", async () => {
    await leave(partOf(deadToken), "abc", noteOf("abc", second))
    await writeFile(partOf(aliveToken), "abc")
    await writeFile(join(dir, "precious.txt"), "abc")
    await symlink(join(dir, "precious.txt"), partOf(remoteToken))
    await writeFile(`${partOf(remoteToken)}.json`, noteOf("abc"))
    expect(await restore()).toMatchObject(empty)
  })
})

describe("removeLeftovers", () => {
  it("removes the files without an owner and of dead owners, and those of another machine once they are stale", async () => {
    const other = remoteToken.replace(/.$/, "1")
    for (const owner of [deadToken, aliveToken, remoteToken, other]) await leave(partOf(owner), "abc")
    await writeFile(ownedPath(dir, stem, deadToken, "lock"), "")
    await leave(released(), "abc")
    await writeFile(join(dir, `.acme_1+2.${deadToken}.part`), "abc")
    await utimes(partOf(remoteToken), 1, 1)
    await utimes(`${partOf(remoteToken)}.json`, 1, 1)
    await removeLeftovers({ dir, stem, token, names: await readdir(dir) })
    expect((await readdir(dir)).toSorted()).toEqual(
      [
        `.acme_1+2.${deadToken}.part`,
        `.acme_1.${aliveToken}.part`,
        `.acme_1.${aliveToken}.part.json`,
        `.acme_1.${other}.part`,
        `.acme_1.${other}.part.json`
      ].toSorted()
    )
  })

  it("removes a symbolic link, and not what it leads to", async () => {
    await writeFile(join(dir, "precious.txt"), "precious")
    await symlink(join(dir, "precious.txt"), partOf(deadToken))
    await removeLeftovers({ dir, stem, token, names: await readdir(dir) })
    expect(await readdir(dir)).toEqual(["precious.txt"])
  })
})
