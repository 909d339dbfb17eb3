import { createHash } from "node:crypto"
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { append, digestPart, removeNote, openPartFile, restart } from "../../src/save/download/PartFile.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"

let folder = ""
let path = ""
const opened: Array<PartFile> = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gentask-"))
  path = join(folder, ".a.part")
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((part) => part.handle.close()))
  await rm(folder, { recursive: true, force: true })
})

const open = async (): Promise<PartFile> => {
  const part = await openPartFile(path)
  opened.push(part)
  return part
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
const digest = (part: PartFile): string => part.hash.copy().digest("hex")
const never = new AbortController().signal
const known = { validator: '"v1"', total: 6 }

describe("a part file", () => {
  it("holds and digests what is added to it", async () => {
    const part = await open()
    await restart(part, known)
    await append(part, [Buffer.from("abc")])
    await append(part, [Buffer.from("def")])
    expect({ size: part.size, known: part.known, digest: digest(part) }).toEqual({
      size: 6,
      known,
      digest: sha256("abcdef")
    })
    expect(await readFile(path, "utf8")).toBe("abcdef")
    expect((await readdir(folder)).toSorted()).toEqual([".a.part", ".a.part.json"])
  })

  it("is gone on from in another run, digest and all", async () => {
    const first = await open()
    await restart(first, known)
    await append(first, [Buffer.from("abc")])
    const second = await open()
    await digestPart(second, never)
    expect({ size: second.size, known: second.known }).toEqual({ size: 3, known })
    await append(second, [Buffer.from("def")])
    expect(digest(second)).toBe(sha256("abcdef"))
    expect(await readFile(path, "utf8")).toBe("abcdef")
  })

  it("of unknown length is gone on from as well", async () => {
    await restart(await open(), { validator: '"v1"', total: undefined })
    expect((await open()).known).toEqual({ validator: '"v1"', total: undefined })
  })

  it.each([
    ["no note", undefined],
    ["a note that is torn", '{"validator":'],
    ["a note that says nothing", "{}"],
    ["a note of another kind", '{"validator":5,"total":6}'],
    ["a note that is no object", "null"]
  ])("with %s is emptied", async (_, note) => {
    await writeFile(path, "abc")
    if (note !== undefined) await writeFile(`${path}.json`, note)
    const part = await open()
    expect({ size: part.size, known: part.known, bytes: await readFile(path, "utf8") }).toEqual({
      size: 0,
      known: undefined,
      bytes: ""
    })
  })

  it("takes a length that is no number for none", async () => {
    await writeFile(path, "abc")
    await writeFile(`${path}.json`, '{"validator":"x","total":"6"}')
    expect((await open()).known).toEqual({ validator: "x", total: undefined })
  })

  it("that is not there takes no note for its own", async () => {
    await writeFile(`${path}.json`, JSON.stringify(known))
    const part = await open()
    expect({ size: part.size, known: part.known }).toEqual({ size: 0, known: undefined })
    await restart(part, undefined)
    expect(await readdir(folder)).toEqual([".a.part"])
  })

  it("begun anew forgets its bytes, its digest and its note", async () => {
    const part = await open()
    await restart(part, known)
    await append(part, [Buffer.from("abcdef")])
    await restart(part, undefined)
    expect({ size: part.size, known: part.known, names: await readdir(folder) }).toEqual({
      size: 0,
      known: undefined,
      names: [".a.part"]
    })
    await append(part, [Buffer.from("xy")])
    expect(digest(part)).toBe(sha256("xy"))
    expect(await readFile(path, "utf8")).toBe("xy")
  })

  it("loses its note before its bytes, so that no note is left beside others", async () => {
    const part = await open()
    await restart(part, known)
    await append(part, [Buffer.from("abc")])
    Object.assign(part.handle, { truncate: () => Promise.reject(new Error("no")) })
    await expect(restart(part, known)).rejects.toThrow("no")
    expect(await readdir(folder)).toEqual([".a.part"])
  })

  it("writes on where the disk takes only some bytes at a time", async () => {
    const part = await open()
    const { handle } = part
    const write = handle.write.bind(handle)
    Object.assign(handle, {
      writev: ([first]: ReadonlyArray<Buffer>, at: number) =>
        write(first ?? Buffer.alloc(0), 0, Math.min(2, first?.length ?? 0), at)
    })
    await append(part, [Buffer.from("abc"), Buffer.from("de")])
    await append(part, [Buffer.from("fgh")])
    expect(await readFile(path, "utf8")).toBe("abcdefgh")
    expect(digest(part)).toBe(sha256("abcdefgh"))
  })

  it("leaves no write behind that nobody hears of where its digest fails", async () => {
    const part = await open()
    Object.assign(part.handle, { writev: () => Promise.reject(new Error("full")) })
    part.hash.digest()
    await expect(append(part, [Buffer.from("abc")])).rejects.toThrow("full")
  })

  it("stops digesting when it is told to", async () => {
    await restart(await open(), known)
    await append(opened[0] as PartFile, [Buffer.from("abc")])
    await expect(digestPart(await open(), AbortSignal.abort())).rejects.toThrow("aborted")
  })

  it("forgets its note, if there is one", async () => {
    await restart(await open(), known)
    await removeNote(path)
    await removeNote(path)
    expect(await readdir(folder)).toEqual([".a.part"])
  })
})
