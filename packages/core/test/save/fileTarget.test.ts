import { createHash } from "node:crypto"
import { link, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

import coreManifest from "@gentask/core/package.json" with { type: "json" }
import { gentaskVersion } from "../../src/process/gentaskVersion.ts"
import type { SaveLock } from "../../src/save/lock/SaveLock.ts"
import { identifyOutputs } from "../../src/save/OutputIdentity.ts"
import { fileTarget } from "../../src/save/target/fileTarget.ts"
import { makeManifest } from "../../src/save/target/Manifest.ts"
import { makeOutput, makeSnapshot } from "../support/snapshot.ts"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const linked = makeOutput({ url: "https://files.example.com/a.png?X-Sig=secret" })

const snapshot = makeSnapshot({
  model: "m",
  prompt: "a lake",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  completedAt: new Date("2026-01-01T00:01:00Z"),
  outputs: [linked]
})

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
const held: SaveLock = { token: "token", isHeld: () => Promise.resolve(true) }

interface PutFields {
  readonly extension?: string
  readonly output?: typeof linked
  readonly overwrite?: boolean
  readonly lock?: SaveLock
}

const manifestOf = (text: string, { extension = "png", output = linked }: PutFields = {}) => {
  const [identity] = identifyOutputs([output])
  const file = {
    file: `acme_1.${extension}`,
    bytes: text.length,
    sha256: sha256(text),
    mediaType: "image/png",
    marks: { c2pa: false, iptc: true, aigc: null }
  }
  if (identity === undefined) throw new Error("no identity")
  return makeManifest(snapshot, output, identity, file, new Date("2026-01-02T00:00:00Z"))
}

/** Stores a text as the output `acme_1`. */
const put = async (text: string, fields: PutFields = {}) => {
  const { extension = "png", overwrite = false, lock = held } = fields
  const path = join(dir, ".part")
  await writeFile(path, text)
  const options = { manifest: manifestOf(text, fields), overwrite, lock }
  return Effect.runPromise(Effect.result(fileTarget(dir).put({ path, extension }, "acme_1", options)))
}

const store = async (text: string, fields?: PutFields): Promise<string> => {
  const result = await put(text, fields)
  if (result._tag === "Failure") throw result.failure
  return result.success.location
}

const manifestText = (path: string) => readFile(`${path}.json`, "utf8")
const names = async () => (await readdir(dir)).toSorted()
const fileExists = (path: string) => ({ failure: { reason: { _tag: "FileExists", path } } })
const lost = { failure: { _tag: "LockLost" } }

describe("put", () => {
  it("stores the file and a manifest without the signature of the link", async () => {
    const path = await store("bytes")
    expect(await manifestText(path)).toBe(`{
  "schema": "https://unpkg.com/@gentask/core/schema/manifest.schema.json",
  "version": 1,
  "ref": "acme:1",
  "provider": "acme",
  "account": "acme",
  "taskId": "1",
  "file": "acme_1.png",
  "role": "result",
  "kind": "image",
  "mediaType": "image/png",
  "bytes": 5,
  "sha256": "${sha256("bytes")}",
  "model": "m",
  "prompt": "a lake",
  "source": "https://files.example.com/a.png",
  "sourceHost": "files.example.com",
  "etag": null,
  "httpDate": null,
  "createdAt": "2026-01-01T00:00:00.000Z",
  "completedAt": "2026-01-01T00:01:00.000Z",
  "savedAt": "2026-01-02T00:00:00.000Z",
  "gentask": "${gentaskVersion}",
  "marks": {
    "c2pa": false,
    "iptc": true,
    "aigc": null
  },
  "aigcMetaTagged": null,
  "identity": {
    "query": [
      "${sha256("X-Sig=secret").slice(0, 12)}"
    ],
    "position": 1,
    "count": 1
  }
}
`)
    expect(await names()).toEqual(["acme_1.png", "acme_1.png.json"])
    expect(await readFile(path, "utf8")).toBe("bytes")
  })

  it("writes no source for inline media", async () => {
    const output = makeOutput({ url: null, inline: { base64: "AAAA", bytes: 3 } })
    expect(JSON.parse(await manifestText(await store("bytes", { output })))).toMatchObject({ source: null })
  })

  it("writes times of a snapshot that was stored as JSON", async () => {
    const stored = JSON.parse(JSON.stringify(snapshot)) as typeof snapshot
    const [identity] = identifyOutputs([linked])
    expect(identity && makeManifest(stored, linked, identity, manifestOf("bytes"), new Date())).toMatchObject(
      {
        createdAt: "2026-01-01T00:00:00.000Z",
        completedAt: "2026-01-01T00:01:00.000Z"
      }
    )
  })

  it("fails if the file exists, unless overwrite is set", async () => {
    const path = join(dir, "acme_1.png")
    await writeFile(path, "mine")
    expect(await put("bytes")).toMatchObject(fileExists(path))
    expect(await readFile(path, "utf8")).toBe("mine")
    expect(await names()).toEqual([".part", "acme_1.png"])
    await store("bytes", { overwrite: true })
    expect(await readFile(path, "utf8")).toBe("bytes")
    expect(await names()).toEqual(["acme_1.png", "acme_1.png.json"])
  })

  it("replaces a truncated copy and a manifest without its file", async () => {
    const path = await store("bytes")
    await writeFile(path, "byt")
    await store("other")
    expect(await readFile(path, "utf8")).toBe("other")
    await rm(path)
    await store("again")
    expect(JSON.parse(await manifestText(path))).toMatchObject({ sha256: sha256("again") })
    expect(await names()).toEqual(["acme_1.png", "acme_1.png.json"])
  })

  it("never replaces a complete file, also with overwrite", async () => {
    const path = await store("bytes")
    const manifest = await manifestText(path)
    for (const overwrite of [false, true]) expect(await put("other", { overwrite })).toMatchObject(lost)
    expect([await readFile(path, "utf8"), await manifestText(path)]).toEqual(["bytes", manifest])
    expect(await names()).toEqual([".part", "acme_1.png", "acme_1.png.json"])
  })

  it("stores nothing if the lock was lost", async () => {
    const lock = { token: "token", isHeld: () => Promise.resolve(false) }
    expect(await put("bytes", { lock })).toMatchObject(lost)
    expect(await names()).toEqual([".part"])
  })

  it("puts everything back if the lock is lost while a file is in the way", async () => {
    const path = await store("bytes")
    await writeFile(path, "byt")
    const manifest = await manifestText(path)
    const checks = [true, false]
    const lock = { token: "token", isHeld: () => Promise.resolve(checks.shift() ?? false) }
    expect(await put("other", { lock })).toMatchObject(lost)
    expect([await readFile(path, "utf8"), await manifestText(path)]).toEqual(["byt", manifest])
    expect(await names()).toEqual([".part", "acme_1.png", "acme_1.png.json"])
  })

  it("keeps what another process stores at the same time", async () => {
    const path = join(dir, "acme_1.png")
    const manifest = JSON.stringify(manifestOf("theirs"))
    const lock = {
      token: "token",
      // Between this check and the first write.
      isHeld: async () => {
        await writeFile(path, "theirs")
        await writeFile(`${path}.json`, manifest)
        return true
      }
    }
    expect(await put("mine!!", { lock })).toMatchObject(lost)
    expect([await readFile(path, "utf8"), await manifestText(path)]).toEqual(["theirs", manifest])
  })

  it("fails with the error of the system", async () => {
    const path = join(dir, ".part")
    const put = fileTarget(dir).put({ path, extension: "png" }, "acme_1", {
      manifest: manifestOf("bytes"),
      overwrite: false,
      lock: held
    })
    expect(await Effect.runPromise(Effect.flip(put))).toMatchObject({
      reason: { _tag: "NotWritable", path: join(dir, "acme_1.png"), code: "ENOENT" }
    })
    expect(await names()).toEqual([])
  })

  it("does not replace a folder, and does not write through a symbolic link", async () => {
    const path = join(dir, "acme_1.png")
    await mkdir(path)
    expect(await put("bytes", { overwrite: true })).toMatchObject(fileExists(path))
    await rm(path, { recursive: true })
    await mkdir(`${path}.json`)
    expect(await put("bytes", { overwrite: true })).toMatchObject(fileExists(`${path}.json`))
    await rm(`${path}.json`, { recursive: true })
    const victim = join(dir, "precious.txt")
    await writeFile(victim, "precious")
    await symlink(victim, path)
    await symlink(victim, `${path}.json`)
    expect(await put("bytes")).toMatchObject(fileExists(path))
    await store("bytes", { overwrite: true })
    expect([await readFile(path, "utf8"), await readFile(victim, "utf8")]).toEqual(["bytes", "precious"])
  })
})

describe("list", () => {
  const list = async () => Effect.runPromise(fileTarget(dir).list("acme_1", await readdir(dir)))

  it("ignores files with other names, and hidden files", async () => {
    for (const name of [
      "acme_12.png",
      "acme_1+thumbnail.png",
      "acme_1+2+3.png",
      ".acme_1.part",
      "acme_1",
      "acme_1.x.png",
      "acme_1.json",
      "acme_1+123456789012.png"
    ])
      await writeFile(join(dir, name), "x")
    expect(await list()).toEqual([])
  })

  it("lists outputs with any number and extension, and manifests without a file", async () => {
    await writeFile(join(dir, "acme_1+2.txt"), "mine")
    await store("bytes", { extension: "webp" })
    await writeFile(
      join(dir, "acme_1+10.png.json"),
      JSON.stringify({ ...manifestOf("x"), file: "acme_1+10.png" })
    )
    expect(await list()).toEqual([
      {
        name: "acme_1+10",
        location: join(dir, "acme_1+10.png"),
        hasFile: false,
        manifest: expect.objectContaining({ file: "acme_1+10.png" }) as unknown
      },
      { name: "acme_1+2", location: join(dir, "acme_1+2.txt"), hasFile: true, manifest: undefined },
      {
        name: "acme_1",
        location: join(dir, "acme_1.webp"),
        hasFile: true,
        manifest: {
          file: "acme_1.webp",
          role: "result",
          bytes: 5,
          sha256: sha256("bytes"),
          mediaType: "image/png",
          source: "https://files.example.com/a.png",
          identity: {
            source: "https://files.example.com/a.png",
            query: [sha256("X-Sig=secret").slice(0, 12)],
            sha256: null,
            position: 1,
            count: 1
          }
        }
      }
    ])
  })

  it.each([
    ["is truncated", "{"],
    ["is null", "null"],
    ["is of another file", JSON.stringify({ ...manifestOf("bytes"), file: "b.png" })],
    ["has a size of the wrong type", JSON.stringify({ ...manifestOf("bytes"), bytes: "5" })],
    ["has no media type", JSON.stringify({ ...manifestOf("bytes"), mediaType: undefined })]
  ])("ignores a manifest that %s", async (_, manifest) => {
    const location = await store("bytes")
    await writeFile(`${location}.json`, manifest)
    expect(await list()).toMatchObject([{ hasFile: true, manifest: undefined }])
  })

  it("ignores an invalid source or identity of a manifest", async () => {
    const location = await store("bytes")
    const manifest = { ...manifestOf("bytes"), source: "no URL", identity: { query: "x" } }
    await writeFile(`${location}.json`, JSON.stringify(manifest))
    expect(await list()).toMatchObject([{ manifest: { source: null, identity: undefined } }])
  })
})

describe("check", () => {
  const check = async () => {
    const target = fileTarget(dir)
    const [entry] = await Effect.runPromise(target.list("acme_1", await readdir(dir)))
    return entry && Effect.runPromise(target.check(entry))
  }

  it("recognizes a complete file", async () => {
    await store("bytes")
    expect(await check()).toBe("Complete")
  })

  it.each([
    ["is shorter than in its manifest", "byte", "Broken"],
    ["is empty", "", "Broken"],
    ["has the same length and other bytes", "BYTES", "Foreign"],
    ["is longer", "bytes and more", "Foreign"]
  ])("of a file that %s returns its state", async (_, text, state) => {
    await writeFile(await store("bytes"), text)
    expect(await check()).toBe(state)
  })

  it("recognizes a missing file, and takes a file without a manifest and a folder for foreign", async () => {
    const location = await store("bytes")
    await rm(location)
    expect(await check()).toBe("Absent")
    await mkdir(location)
    expect(await check()).toBe("Foreign")
    await rm(location, { recursive: true })
    await writeFile(location, "bytes")
    await rm(`${location}.json`)
    expect(await check()).toBe("Foreign")
  })

  it("accepts a complete file with another name", async () => {
    const location = await store("bytes")
    await link(location, join(dir, "copy"))
    expect(await check()).toBe("Complete")
  })
})

describe("gentaskVersion", () => {
  it("is the version of the package", () => {
    expect(gentaskVersion).toBe(coreManifest.version)
  })
})
