/** Iterators, listeners and inputs of the promise API, with a real server. */
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { PollPolicy, createGentask } from "@gentask/core"
import type { Gentask } from "@gentask/core"
import { account } from "../support/acme.ts"
import { startServer } from "../support/httpServer.ts"
import { png } from "../support/mediaFiles.ts"
import { makeOutput, makeSnapshot } from "../support/snapshot.ts"

/** A value as JavaScript may pass it. */
const untyped = (value: unknown): never => value as never

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** A vendor whose tasks run forever, unless their id begins with `done`. `bad` is unavailable. */
const startVendor = async () => {
  const urls: Array<string> = []
  const server = await startServer(({ url = "", headers }, response) => {
    urls.push(url)
    if (url.endsWith(".png")) response.end(png)
    else if (url.includes("bad")) response.writeHead(503).end()
    else if (url.includes("done"))
      response.end(
        JSON.stringify({ status: "done", url: `http://${headers.host}/${url.split("/").at(-1)}.png` })
      )
    else response.end(JSON.stringify({ status: "working" }))
  })
  const gentask = createGentask({
    providers: [account({ baseUrl: server.baseUrl })],
    pollPolicy: PollPolicy.fixed(10)
  })
  return {
    gentask,
    urls,
    polls: (id: string) => urls.filter((url) => url === `/tasks/${id}`).length,
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      await server[Symbol.asyncDispose]()
    }
  }
}

const iterate = (gentask: Gentask, id: string) => {
  const iterator = gentask.watch(`acme:${id}`)[Symbol.asyncIterator]()
  return iterator as AsyncGenerator<unknown, unknown, unknown>
}

/** Waits until another task was polled several times. */
const severalPolls = async ({ gentask, polls }: Awaited<ReturnType<typeof startVendor>>): Promise<void> => {
  const timeout = AbortSignal.timeout(20_000)
  const before = polls("other")
  for await (const _ of gentask.watch("acme:other", { signal: timeout })) break
  const stop = new AbortController()
  const other = gentask.wait("acme:other", { signal: stop.signal }).catch(() => undefined)
  await expect.poll(() => polls("other"), { timeout: 20_000, interval: 5 }).toBeGreaterThan(before + 5)
  stop.abort()
  await other
}

describe("the iterator of a watch", () => {
  it("ends if it is left directly after the first next, and leaves the client usable", async () => {
    await using vendor = await startVendor()
    const iterator = iterate(vendor.gentask, "1")
    const next = iterator.next()
    expect(await iterator.return(undefined)).toEqual({ done: true, value: undefined })
    expect(await next).toEqual({ done: true, value: undefined })
    expect(await vendor.gentask.query("acme:done")).toMatchObject({ status: "succeeded" })
  })

  it.each([
    [
      "by return while next has just been called",
      (iterator: AsyncGenerator) => iterator.return(undefined),
      true
    ],
    ["by return while no next is pending", (iterator: AsyncGenerator) => iterator.return(undefined), false],
    [
      "by throw",
      (iterator: AsyncGenerator) => iterator.throw(new Error("left")).catch(() => undefined),
      true
    ],
    ["by its disposal", (iterator: AsyncGenerator) => iterator[Symbol.asyncDispose](), true]
  ])("stops polling if it is left %s", async (_, leave, isPending) => {
    await using vendor = await startVendor()
    const iterator = iterate(vendor.gentask, "1")
    await iterator.next()
    const next = isPending ? iterator.next() : Promise.resolve({ done: true, value: undefined })
    await leave(iterator)
    expect(await next).toEqual({ done: true, value: undefined })
    const before = vendor.polls("1")
    await severalPolls(vendor)
    expect(vendor.polls("1")).toBe(before)
  })

  it("is iterable, passes on the value of return, and throws the error of throw", async () => {
    await using vendor = await startVendor()
    const statuses: Array<unknown> = []
    const iterator = iterate(vendor.gentask, "done")
    for await (const snapshot of iterator) statuses.push((snapshot as { status: string }).status)
    expect(statuses).toEqual(["succeeded"])
    expect(await iterator.return("value")).toEqual({ done: true, value: "value" })
    await expect(iterator.throw(new Error("mine"))).rejects.toThrow("mine")
  })

  it("ends with the rejection of onPollError", async () => {
    await using vendor = await startVendor()
    const onPollError = untyped(() => Promise.reject(new Error("a mistake")))
    const watch = vendor.gentask.watch("acme:bad", { onPollError })
    await expect(watch[Symbol.asyncIterator]().next()).rejects.toThrow("a mistake")
  })
})

describe("save", () => {
  it("copies the snapshot and the options at the call", async () => {
    await using vendor = await startVendor()
    const snapshot = JSON.parse(JSON.stringify(await vendor.gentask.query("acme:done-1"))) as Record<
      string,
      any
    >
    const options = { dir, roles: ["result" as string] }
    const saving = vendor.gentask.save(untyped(snapshot), untyped(options))
    snapshot["outputs"][0].url = "http://127.0.0.1:1/other.png"
    snapshot["ref"] = "acme:other"
    options.dir = "nowhere"
    options.roles[0] = "preview"
    expect(await saving).toMatchObject([{ path: join(dir, "acme_done-1.png") }])
  })

  it("copies a ref at the call", async () => {
    await using vendor = await startVendor()
    const ref = { provider: "acme", account: undefined, id: "done-1", params: {} }
    const saving = vendor.gentask.save(ref, { dir })
    ref.id = "done-2"
    expect(await saving).toMatchObject([{ path: join(dir, "acme_done-1.png") }])
  })

  it("saves each kind of output of a snapshot", async () => {
    await using vendor = await startVendor()
    const snapshot = await vendor.gentask.query("acme:done")
    for (const kind of ["image", "video", "animation", "audio", "model"] as const) {
      const outputs = snapshot.outputs.map((output) => ({ ...output, kind }))
      await expect(vendor.gentask.save({ ...snapshot, outputs }, { dir })).resolves.toHaveLength(1)
    }
  })

  it.each([
    ["a url that is not text", { url: 5 }, "outputs[0].url is not a URL"],
    ["a url that is not a URL", { url: "a.png" }, "outputs[0].url is not a URL"],
    ["an unknown role", { role: "../../a" }, "outputs[0].role is not a role"],
    ["no kind", { kind: undefined }, "outputs[0].kind is not a kind of media"]
  ])("rejects a snapshot whose output has %s", async (_, fields, problem) => {
    await using vendor = await startVendor()
    const snapshot = await vendor.gentask.query("acme:done")
    const changed = { ...snapshot, outputs: [{ ...snapshot.outputs[0], ...fields }] }
    await expect(vendor.gentask.save(untyped(changed), { dir })).rejects.toMatchObject({
      _tag: "ConfigurationError",
      message: `Invalid snapshot: ${problem}. Pass a snapshot as an operation returned it, or the task's ref.`
    })
  })

  it("fails with a SaveError that has the exception of a fetch as its cause, and releases its lock", async () => {
    const broken = (): never => undefined as never
    await using gentask = createGentask({ providers: [account()], fetch: broken })
    await expect(
      gentask.save(makeSnapshot({ outputs: [makeOutput()] }), { dir, attempts: 1 })
    ).rejects.toMatchObject({ _tag: "SaveError", cause: expect.any(Error) as Error })
    expect(await readdir(dir)).toEqual([])
  })

  it.each([
    ["provider", "../a"],
    ["account", "../../a"]
  ])("rejects a snapshot whose %s is %j, which would leave the folder", async (name, value) => {
    await using vendor = await startVendor()
    const changed = { ...(await vendor.gentask.query("acme:done")), [name]: value }
    await expect(vendor.gentask.save(untyped(changed), { dir })).rejects.toMatchObject({
      _tag: "ConfigurationError"
    })
  })

  it.each([
    [
      "throws",
      () => {
        throw new Error("a mistake")
      }
    ],
    ["rejects", () => Promise.reject(new Error("a mistake"))]
  ])("ends with the error of a listener that %s, and releases its lock", async (_, onRetry) => {
    await using server = await startServer((_request, response) => response.writeHead(503).end())
    await using vendor = await startVendor()
    const snapshot = await vendor.gentask.query("acme:done")
    const outputs = snapshot.outputs.map((output) => ({ ...output, url: `${server.baseUrl}/a.png` }))
    await expect(
      vendor.gentask.save({ ...snapshot, outputs }, { dir, onRetry: untyped(onRetry) })
    ).rejects.toThrow("a mistake")
    expect(await readdir(dir)).toEqual([])
  })
})

describe("an input whose members throw", () => {
  const throwing = {
    get provider(): string {
      throw new Error("a getter")
    }
  }
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()

  it.each([
    ["a getter", throwing],
    ["a revoked proxy", proxy],
    ["null", null]
  ])("is an invalid ref: %s", async (_, ref) => {
    await using vendor = await startVendor()
    const results = []
    for await (const settled of vendor.gentask.waitAll([untyped(ref), "acme:done"])) results.push(settled)
    expect(results).toMatchObject([{ ok: false, error: { _tag: "InvalidTaskRef" } }, { ok: true }])
    const invalid = { _tag: "InvalidTaskRef" }
    await expect(vendor.gentask.query(untyped(ref))).rejects.toMatchObject(invalid)
    await expect(vendor.gentask.save(untyped(ref), { dir })).rejects.toMatchObject(invalid)
  })

  it("is an invalid list if its iterator throws", async () => {
    await using vendor = await startVendor()
    const refs = function* () {
      yield "acme:done"
      throw new Error("a mistake")
    }
    await expect(vendor.gentask.waitAll(refs())[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      _tag: "ConfigurationError",
      message: "Cannot read the list of task refs: a mistake."
    })
  })
})
