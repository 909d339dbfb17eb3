/** Saving over real sockets, from servers that send files damaged, late, from another origin, or not at all. */
import { lstat, readFile, readdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { MediaFault, TaskScript } from "@gentask/emulator"
import type { SaveOptions } from "@gentask/core"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { digestOf, saveScripted } from "./saveScripted.ts"
import { startSystems } from "./systems.ts"

/** The file and its manifest. */
const savedFiles = ["jimmy_t.png", "jimmy_t.png.json"]

describe("saving a file", () => {
  const faults: ReadonlyArray<readonly [string, ReadonlyArray<MediaFault>]> = [
    ["is delayed", [{ fault: "delay", ms: 50 }]],
    ["is reset before its headers", [{ fault: "reset" }]],
    ["is reset in its body", [{ fault: "reset", when: "body" }]],
    ["is truncated with its full Content-Length", [{ fault: "truncated" }]],
    ["is truncated in chunked encoding", [{ fault: "truncated", framing: "chunked" }]],
    ["has a Content-Length that is too large", [{ fault: "wrong-length", by: 100 }]],
    ["has no Content-Length", [{ fault: "chunked" }]],
    ["is delimited by the end of the connection", [{ fault: "close-delimited" }]],
    [
      "is truncated twice, and then ignores a range",
      [{ fault: "truncated", times: 2 }, { fault: "ignored-range" }]
    ],
    ["is truncated, and then has another range", [{ fault: "truncated" }, { fault: "other-range" }]],
    ["is truncated, and then refuses the range", [{ fault: "truncated" }, { fault: "unsatisfiable" }]],
    ["is truncated and has no validators", [{ fault: "no-validators" }, { fault: "truncated" }]],
    ["has only a weak ETag", [{ fault: "weak-etag" }]],
    [
      "is 503 and then 429",
      [
        { fault: "status", status: 503 },
        { fault: "status", status: 429, retryAfter: 1 }
      ]
    ],
    ["is 403, as for an expired link", [{ fault: "status", status: 403 }]],
    ["is a web page", [{ fault: "html", times: 2 }]],
    ["is JSON", [{ fault: "json" }]],
    ["is empty", [{ fault: "empty" }]],
    ["has a wrong content type", [{ fault: "wrong-type" }]]
  ]
  it.each(faults)("succeeds although the first response %s", { timeout: 60_000 }, async (_, mediaFaults) => {
    const { names, revision, error } = { error: undefined, ...(await saveScripted({ mediaFaults })) }
    expect({ names, revision, error }).toEqual({ names: savedFiles, revision: 0, error: undefined })
  })

  it("resumes after each interruption where the previous response ended", async () => {
    const { ranges, revision } = await saveScripted({
      mediaSize: 3_000_000,
      mediaFaults: [
        { fault: "truncated", after: 1_000_000 },
        { fault: "reset", when: "body", after: 1_000_000 }
      ]
    })
    const starts = ranges.map((range) => (range === null ? 0 : Number(/^bytes=(\d+)-$/.exec(range)?.[1])))
    expect(ranges).toHaveLength(3)
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    expect(starts[1]).toBeGreaterThan(0)
    expect(starts[2]).toBeGreaterThan(starts[1] ?? 0)
    expect(revision).toBe(0)
  })

  it("starts again if the file has changed since the previous response", async () => {
    const { revision, ranges } = await saveScripted({
      mediaSize: 3_000_000,
      mediaFaults: [{ fault: "truncated", after: 1_000_000 }, { fault: "changed" }]
    })
    expect(ranges).toEqual([null, expect.stringMatching(/^bytes=\d+-$/)])
    expect(revision).toBe(1)
  })
})

describe("an output link", () => {
  it.each([
    ["relative", [{ link: "relative" }]],
    ["surrounded by blanks", [{ link: "wrapped" }]],
    ["redirected", [{ link: "redirected", hops: 3 }]]
  ] as const)("is followed if it is %s", async (_, links) => {
    const { names, revision } = await saveScripted({ links })
    expect({ names, revision }).toEqual({ names: savedFiles, revision: 0 })
  })

  it.each([
    ["leads to a private address", [{ link: "replaced", by: "http://10.0.0.1/a.png" }], "UnsafeLink"],
    [
      "leads to a cloud's metadata",
      [{ link: "replaced", by: "http://169.254.169.254/latest/meta-data/" }],
      "UnsafeLink"
    ],
    [
      "redirects to a private address",
      [{ link: "redirected", to: "http://192.168.0.1/a.png" }],
      "UnsafeLink"
    ],
    ["redirects to itself", [{ link: "redirected", to: "itself" }], "DownloadFailed"]
  ] as const)("is not followed if it %s", async (_, links, problem) => {
    const { names, error } = { error: undefined, ...(await saveScripted({ links })) }
    expect({ names, error }).toMatchObject({ names: [], error: { reason: { _tag: problem } } })
  })

  it("receives no credentials from another origin, nor from the vendor's origin if it does not require them", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    emulator.addTask({ vendor: "jimmy", id: "own" })
    emulator.addTask({ vendor: "jimmy", id: "other", links: [{ link: "elsewhere" }] })
    await gentask.save("jimmy:own", { dir: folder.path })
    await gentask.save("jimmy:other", { dir: folder.path })
    const requests = emulator.requests.filter(({ purpose }) => purpose === "media")
    expect(requests.map(({ headers }) => headers.authorization ?? null)).toEqual([null, null])
    expect(new Set(requests.map(({ headers }) => headers.host)).size).toBe(2)
  })

  it("is renewed by a query if it has expired", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ vendor: "sora", links: [{ link: "expired" }] })
    const task = await gentask.wait(`sora:${id}`)
    const [file] = await gentask.save(task, { dir: folder.path })
    expect(file?.mediaType).toBe("video/mp4")
    expect(emulator.requests.filter(({ purpose }) => purpose === "query")).toHaveLength(2)
  })
})

describe("a save that fails", () => {
  const problemOf = async (script: Partial<TaskScript>, options: Partial<SaveOptions> = {}) => {
    const { names, ...result } = await saveScripted(script, options)
    const error =
      "error" in result ? (result.error as { reason: { _tag: string }; message: string }) : undefined
    expect(error?.message).toMatch(/^jimmy:t: .*\.$/)
    expect(error?.message).not.toContain("sk-emulator")
    return { problem: error?.reason._tag, names }
  }

  it.each([
    ["NotMedia", "is always a web page", [{ fault: "html", times: "forever" }]],
    ["Empty", "is always empty", [{ fault: "empty", times: "forever" }]],
    ["LinkExpired", "is always 403", [{ fault: "status", status: 403, times: "forever" }]],
    ["DownloadFailed", "is always 503", [{ fault: "status", status: 503, times: "forever" }]],
    ["DownloadFailed", "is always 451", [{ fault: "status", status: 451, times: "forever" }]]
  ] as const)(
    "rejects with %s if the response %s, and leaves no file",
    { timeout: 120_000 },
    async (problem, _, mediaFaults) => {
      expect(await problemOf({ mediaFaults: [...mediaFaults] }, { attempts: 3 })).toEqual({
        problem,
        names: []
      })
    }
  )

  it("rejects with TooLarge, with and without a Content-Length", async () => {
    expect(await problemOf({}, { maxBytes: 1000 })).toEqual({ problem: "TooLarge", names: [] })
    const { problem } = await problemOf({ mediaFaults: [{ fault: "chunked" }] }, { maxBytes: 1000 })
    expect(problem).toBe("TooLarge")
  })

  it("rejects with TimedOut, and keeps the partial file", async () => {
    const { problem, names } = await problemOf(
      { mediaSize: 2_000_000, mediaFaults: [{ fault: "slow", bytesPerSecond: 100_000 }] },
      { timeout: "2 seconds" }
    )
    expect({ problem, names }).toEqual({
      problem: "TimedOut",
      names: [".jimmy_t.part", ".jimmy_t.part.json"]
    })
  })

  it("rejects with FileExists, and replaces the file only with `overwrite`", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ vendor: "jimmy", id: "t" })
    const path = join(folder.path, "jimmy_t.png")
    await writeFile(path, "mine")
    await expect(gentask.save(`jimmy:${id}`, { dir: folder.path })).rejects.toMatchObject({
      reason: { _tag: "FileExists" }
    })
    expect(await readFile(path, "utf8")).toBe("mine")
    const [file] = await gentask.save(`jimmy:${id}`, { dir: folder.path, overwrite: true })
    expect(file?.path).toBe(path)
    expect(await digestOf(path)).toBe(file?.sha256)
  })

  it("rejects with NotWritable if the parent of the folder is a file", async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, "file")
    await writeFile(file, "")
    expect((await problemOf({}, { dir: join(file, "out") })).problem).toBe("NotWritable")
  })

  it("does not write through a symbolic link in place of a partial file", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ vendor: "jimmy", id: "t" })
    const other = join(folder.path, "other.txt")
    await writeFile(other, "mine")
    for (const name of [".jimmy_t.part", ".jimmy_t.part.json"]) await symlink(other, join(folder.path, name))
    const [file] = await gentask.save(`jimmy:${id}`, { dir: folder.path })
    expect(await readFile(other, "utf8")).toBe("mine")
    expect((await lstat(file?.path ?? "")).isFile()).toBe(true)
    expect((await readdir(folder.path)).toSorted()).toEqual([...savedFiles, "other.txt"])
  })

  it("rejects with NotSucceeded if the task has failed or is running", async () => {
    expect((await problemOf({ end: "failed" })).problem).toBe("NotSucceeded")
    expect((await problemOf({ end: "never" })).problem).toBe("NotSucceeded")
  })
})

describe("a saved file", () => {
  it("is downloaded again only if it has changed", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ vendor: "jimmy" })
    const save = async () => {
      const [file] = await gentask.save(`jimmy:${id}`, { dir: folder.path })
      const requests = emulator.requests.filter(({ purpose }) => purpose === "media").length
      return { requests, file }
    }
    const first = await save()
    expect(first).toMatchObject({ requests: 1, file: { alreadySaved: false } })
    expect(await save()).toMatchObject({ requests: 1, file: { alreadySaved: true } })
    await writeFile(first.file?.path ?? "", "changed")
    expect(await save()).toMatchObject({
      requests: 2,
      file: { alreadySaved: false, sha256: first.file?.sha256 }
    })
  })

  it("is downloaded once by concurrent saves", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ vendor: "jimmy", mediaSize: 500_000 })
    const saves = await Promise.all(
      Array.from({ length: 5 }, () => gentask.save(`jimmy:${id}`, { dir: folder.path }))
    )
    expect(saves.filter(([file]) => file?.alreadySaved === true)).toHaveLength(4)
    expect(emulator.requests.filter(({ purpose }) => purpose === "media")).toHaveLength(1)
  })
})
