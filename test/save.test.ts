/** Saving over real sockets, with files that come broken, late, from elsewhere, or not at all. */
import { createHash } from "node:crypto"
import { readFile, readdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { MediaFault, TaskScript } from "@gentask/emulator"
import type { SaveOptions } from "@gentask/core"
import { temporaryFolder } from "./folder.ts"
import { startSystems } from "./systems.ts"

/** Saves what a scripted task made; tells what is in the folder then, and what was asked of the file server. */
const saveScripted = async (script: Partial<TaskScript>, options: Partial<SaveOptions> = {}) => {
  await using context = await startSystems()
  await using folder = await temporaryFolder()
  const { emulator, gentask } = context
  const { id } = emulator.addTask({ vendor: "jimmy", id: "t", ...script })
  const ref = `jimmy:${id}`
  const retries: Array<string> = []
  const result = await gentask
    .save(ref, { dir: folder.path, onRetry: (_, why) => retries.push(why), ...options })
    .then(
      ([file]) => ({ file }),
      (error: unknown) => ({ error })
    )
  const names = (await readdir(folder.path)).toSorted()
  const path = "file" in result ? (result.file?.path ?? "") : ""
  const sha256 =
    path === ""
      ? undefined
      : createHash("sha256")
          .update(await readFile(path))
          .digest("hex")
  const digests = await Promise.all(
    [0, 1].map((each) => emulator.digest("jimmy", id, 0, each).catch(() => ""))
  )
  const revision = sha256 === undefined ? -1 : digests.indexOf(sha256)
  const requests = emulator.requests.filter(({ purpose }) => purpose === "media")
  return {
    ...result,
    names,
    revision,
    isWhole: revision === 0,
    retries,
    ranges: requests.map(({ headers }) => headers.range ?? null)
  }
}

const whole = ["jimmy_t.png", "jimmy_t.png.json"]

describe("a file that comes broken", () => {
  const broken: ReadonlyArray<readonly [string, ReadonlyArray<MediaFault>]> = [
    ["is late", [{ fault: "delay", ms: 50 }]],
    ["is reset before it begins", [{ fault: "reset" }]],
    ["is reset in the middle", [{ fault: "reset", when: "body" }]],
    ["is cut short under its full length", [{ fault: "truncated" }]],
    ["is cut short in chunks", [{ fault: "truncated", framing: "chunked" }]],
    ["announces more than it has", [{ fault: "wrong-length", by: 100 }]],
    ["has no length", [{ fault: "chunked" }]],
    ["ends where the connection ends", [{ fault: "close-delimited" }]],
    [
      "is cut short twice, and then the server ignores ranges",
      [{ fault: "truncated", times: 2 }, { fault: "ignored-range" }]
    ],
    [
      "is cut short, and then the server gives another range",
      [{ fault: "truncated" }, { fault: "other-range" }]
    ],
    ["is cut short, and then the range cannot be had", [{ fault: "truncated" }, { fault: "unsatisfiable" }]],
    ["is cut short, and has no validators", [{ fault: "no-validators" }, { fault: "truncated" }]],
    ["has a weak tag alone", [{ fault: "weak-etag" }]],
    [
      "is answered by 503 and 429 first",
      [
        { fault: "status", status: 503 },
        { fault: "status", status: 429, retryAfter: 1 }
      ]
    ],
    ["is answered by 403 first, as a dead link is", [{ fault: "status", status: 403 }]],
    ["is a web page at first", [{ fault: "html", times: 2 }]],
    ["is JSON at first", [{ fault: "json" }]],
    ["is empty at first", [{ fault: "empty" }]],
    ["has another type than it says", [{ fault: "wrong-type" }]]
  ]
  it.each(broken)("and %s is whole in the end", { timeout: 60_000 }, async (_, mediaFaults) => {
    const { names, isWhole, error } = { error: undefined, ...(await saveScripted({ mediaFaults })) }
    expect({ names, isWhole, error }).toEqual({ names: whole, isWhole: true, error: undefined })
  })

  it("is resumed where it broke off", async () => {
    const { ranges, isWhole } = await saveScripted({
      mediaSize: 3_000_000,
      mediaFaults: [
        { fault: "truncated", after: 1_000_000 },
        { fault: "reset", when: "body", after: 1_000_000 }
      ]
    })
    const starts = ranges.map((range) => (range === null ? 0 : Number(/^bytes=(\d+)-$/.exec(range)?.[1])))
    expect(ranges).toHaveLength(3)
    expect(starts).toEqual(starts.toSorted((one, other) => one - other))
    expect(starts[1]).toBeGreaterThan(0)
    expect(starts[2]).toBeGreaterThan(starts[1] ?? 0)
    expect(isWhole).toBe(true)
  })

  it("is not mixed with another file that stands there meanwhile", async () => {
    const { revision, ranges } = await saveScripted({
      mediaSize: 3_000_000,
      mediaFaults: [{ fault: "truncated", after: 1_000_000 }, { fault: "changed" }]
    })
    expect(ranges).toEqual([null, expect.stringMatching(/^bytes=\d+-$/)])
    expect(revision).toBe(1)
  })
})

describe("a link", () => {
  it.each([
    ["relative", [{ link: "relative" }]],
    ["wrapped in blanks", [{ link: "wrapped" }]],
    ["redirected", [{ link: "redirected", hops: 3 }]]
  ] as const)("that is %s leads to the file", async (_, links) => {
    const { names, isWhole } = await saveScripted({ links })
    expect({ names, isWhole }).toEqual({ names: whole, isWhole: true })
  })

  it.each([
    ["to a private address", [{ link: "replaced", by: "http://10.0.0.1/a.png" }], "UnsafeLink"],
    [
      "to the cloud's metadata",
      [{ link: "replaced", by: "http://169.254.169.254/latest/meta-data/" }],
      "UnsafeLink"
    ],
    [
      "by a redirect to a private address",
      [{ link: "redirected", to: "http://192.168.0.1/a.png" }],
      "UnsafeLink"
    ],
    ["to itself for ever", [{ link: "redirected", to: "itself" }], "DownloadFailed"]
  ] as const)("that leads %s is not followed", async (_, links, problem) => {
    const { names, error } = { error: undefined, ...(await saveScripted({ links })) }
    expect({ names, error }).toMatchObject({ names: [], error: { reason: { _tag: problem } } })
  })

  it("to another origin gets no credentials, and one to the vendor's own gets none unless it asks", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    emulator.addTask({ vendor: "jimmy", id: "own" })
    emulator.addTask({ vendor: "jimmy", id: "other", links: [{ link: "elsewhere" }] })
    await gentask.save("jimmy:own", { dir: folder.path })
    await gentask.save("jimmy:other", { dir: folder.path })
    const fetches = emulator.requests.filter(({ purpose }) => purpose === "media")
    expect(fetches.map(({ headers }) => headers.authorization ?? null)).toEqual([null, null])
    expect(new Set(fetches.map(({ headers }) => headers.host)).size).toBe(2)
  })

  it("that is dead is renewed by asking the provider again", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ vendor: "sora", linkLifetime: 1500 })
    const task = await gentask.wait(`sora:${id}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 1600)
    })
    const [file] = await gentask.save(task, { dir: folder.path })
    expect(file?.mediaType).toBe("video/mp4")
  })
})

describe("what cannot be saved", () => {
  const problemOf = async (script: Partial<TaskScript>, options: Partial<SaveOptions> = {}) => {
    const { names, ...result } = await saveScripted(script, options)
    const error =
      "error" in result ? (result.error as { reason: { _tag: string }; message: string }) : undefined
    expect(error?.message).toMatch(/^jimmy:t: .*\.$/)
    expect(error?.message).not.toContain("sk-emulator")
    return { problem: error?.reason._tag, names }
  }

  it.each([
    ["NotMedia", [{ fault: "html", times: "forever" }]],
    ["Empty", [{ fault: "empty", times: "forever" }]],
    ["LinkExpired", [{ fault: "status", status: 403, times: "forever" }]],
    ["DownloadFailed", [{ fault: "status", status: 503, times: "forever" }]],
    ["DownloadFailed", [{ fault: "status", status: 451, times: "forever" }]]
  ] as const)(
    "is told: %s, and leaves nothing behind",
    { timeout: 120_000 },
    async (problem, mediaFaults) => {
      expect(await problemOf({ mediaFaults: [...mediaFaults] }, { attempts: 3 })).toEqual({
        problem,
        names: []
      })
    }
  )

  it("is told: TooLarge, before it is read where the length is known, and while it is read where not", async () => {
    expect(await problemOf({}, { maxBytes: 1000 })).toEqual({ problem: "TooLarge", names: [] })
    const { problem } = await problemOf({ mediaFaults: [{ fault: "chunked" }] }, { maxBytes: 1000 })
    expect(problem).toBe("TooLarge")
  })

  it("is told: TimedOut, and what came so far is kept for the next time", async () => {
    const { problem, names } = await problemOf(
      { mediaSize: 2_000_000, mediaFaults: [{ fault: "slow", bytesPerSecond: 200_000 }] },
      { timeout: "1 second" }
    )
    expect({ problem, names }).toEqual({
      problem: "TimedOut",
      names: [".jimmy_t.part", ".jimmy_t.part.json"]
    })
  })

  it("is told: FileExists, and the file there is left as it is", async () => {
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
    expect(
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex")
    ).toBe(file?.sha256)
  })

  it("is told: NotWritable, for a folder below a file", async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, "file")
    await writeFile(file, "")
    expect((await problemOf({}, { dir: join(file, "out") })).problem).toBe("NotWritable")
  })

  it("is told: DiskFull", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ vendor: "jimmy", id: "t" })
    await symlink("/dev/full", join(folder.path, ".jimmy_t.part"))
    await expect(gentask.save(`jimmy:${id}`, { dir: folder.path })).rejects.toMatchObject({
      reason: { _tag: "DiskFull" }
    })
  })

  it("is told: NotSucceeded", async () => {
    expect((await problemOf({ end: "failed" })).problem).toBe("NotSucceeded")
    expect((await problemOf({ end: "never" })).problem).toBe("NotSucceeded")
  })
})

describe("a file that was saved", () => {
  it("is recognised, and fetched again only when it is no longer whole", async () => {
    await using context = await startSystems()
    await using folder = await temporaryFolder()
    const { emulator, gentask } = context
    const { id } = emulator.addTask({ vendor: "jimmy" })
    const [first] = await gentask.save(`jimmy:${id}`, { dir: folder.path })
    const fetched = () => emulator.requests.filter(({ purpose }) => purpose === "media").length
    expect(fetched()).toBe(1)
    const [second] = await gentask.save(`jimmy:${id}`, { dir: folder.path })
    expect({ fetched: fetched(), alreadySaved: second?.alreadySaved }).toEqual({
      fetched: 1,
      alreadySaved: true
    })
    await writeFile(first?.path ?? "", "broken")
    const [third] = await gentask.save(`jimmy:${id}`, { dir: folder.path })
    expect({ fetched: fetched(), alreadySaved: third?.alreadySaved, sha256: third?.sha256 }).toEqual({
      fetched: 2,
      alreadySaved: false,
      sha256: first?.sha256
    })
  })

  it("is fetched once by many who ask for it at the same time", async () => {
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
