import { createHash } from "node:crypto"
import { readFile, readdir } from "node:fs/promises"
import { createServer } from "node:http"
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { createGentask } from "@gentask/core"
import type { Gentask, SaveError, SavedFile } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import { s3Target } from "@gentask/target-s3"
import type { S3TargetOptions } from "@gentask/target-s3"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest"
import { bucket, errorReply, startS3 } from "@gentask/tooling/s3/startS3"
import type { Fault, ReceivedRequest, S3Server } from "@gentask/tooling/s3/startS3"
import { keys } from "@gentask/tooling/s3/verifySignature"

const mebibyte = 1024 ** 2
const partSize = 5 * mebibyte

let s3: S3Server
let emulator: Emulator
let gentask: Gentask
let count = 0

beforeAll(async () => {
  s3 = await startS3()
  emulator = await startEmulator()
  gentask = createGentask({ providers: [jimmy({ apiKey: emulator.apiKey, baseUrl: emulator.url })] })
})
beforeEach(() => {
  s3.fault = undefined
  s3.honorsConditions = true
  s3.listsUploads = true
  s3.takeOperations()
})
afterAll(async () => {
  await gentask.close()
  await emulator.close()
  await s3[Symbol.asyncDispose]()
})

/** Adds a task, and returns its id. */
const addTask = (mediaSize?: number): string => {
  count += 1
  return emulator.addTask({
    vendor: "jimmy",
    id: `f${count}`,
    ...(mediaSize === undefined ? {} : { mediaSize })
  }).id
}
const small = (): string => addTask()
const large = (): string => addTask(partSize + 40_000)

const keyOf = (id: string): string => `jimmy_${id}.png`

const target = (options: Partial<S3TargetOptions> = {}) =>
  s3Target({ url: `s3://${bucket}`, env: s3.env, partSize, attempts: 3, ...options })

interface Result {
  readonly file: SavedFile | undefined
  readonly error: SaveError | undefined
  readonly retries: ReadonlyArray<string>
}

const save = async (
  id: string,
  dir: string,
  options: Partial<S3TargetOptions> & { readonly overwrite?: boolean } = {}
): Promise<Result> => {
  const retries: Array<string> = []
  const { overwrite, ...targetOptions } = options
  try {
    const [file] = await gentask.save(`jimmy:${id}`, {
      dir,
      target: target(targetOptions),
      overwrite,
      onRetry: (_, reason) => retries.push(reason)
    })
    return { file, error: undefined, retries }
  } catch (error) {
    return { file: undefined, error: error as SaveError, retries }
  }
}

/** Saves in a folder of its own. */
const saveOnce = async (id: string, options?: Parameters<typeof save>[2]): Promise<Result> => {
  await using folder = await temporaryFolder()
  return await save(id, folder.path, options)
}

/** Whether the object and its manifest are whole, and nothing unfinished is left. */
const expectWhole = async (id: string): Promise<void> => {
  const bytes = Buffer.from(await (await s3.get(keyOf(id))).arrayBuffer())
  const sha256 = createHash("sha256").update(bytes).digest("hex")
  expect(sha256).toBe(await emulator.digest("jimmy", id))
  expect(await (await s3.get(`${keyOf(id)}.json`)).json()).toMatchObject({ sha256, ref: `jimmy:${id}` })
  expect([...s3.uploads.values()]).not.toContain(keyOf(id))
}

/** A fault of the first `times` requests of an operation. */
const first = (operation: string, fault: Fault, times = 1): Fault => {
  let remaining = times
  return (request, tools) => {
    if (request.operation !== operation || remaining === 0) return undefined
    remaining -= 1
    return fault(request, tools)
  }
}

const reset: Fault = (_, { destroy }) => {
  destroy()
  return undefined
}
const resetAfter: Fault = async (_, { forward, destroy }) => {
  await forward()
  destroy()
  return undefined
}
const slowDown: Fault = () => errorReply(503, "SlowDown")
const errorIn200: Fault = () => errorReply(200, "InternalError")
const errorIn200After: Fault = async (_, { forward }) => {
  await forward()
  return errorReply(200, "InternalError")
}
const truncated: Fault = async (_, { forward, response, destroy }) => {
  const { status, headers, body } = await forward()
  response.writeHead(status, { ...headers, "content-length": String(body.length + 10) })
  response.write(body, () => destroy())
  return undefined
}
const wrongChecksum: Fault = async (_, { forward }) => {
  const reply = await forward()
  return { ...reply, headers: { ...reply.headers, "x-amz-checksum-sha256": "AAAA" } }
}

it.each<readonly [name: string, operation: string, fault: Fault]>([
  ["a reset", "PUT object", reset],
  ["a reset after the object was stored", "PUT object", resetAfter],
  ["SlowDown", "PUT object", slowDown],
  ["a wrong checksum", "PUT object", wrongChecksum],
  ["a truncated response", "PUT object", truncated],
  ["a reset", "HEAD object", reset],
  ["SlowDown", "list", slowDown],
  ["a truncated response", "list", truncated],
  ["a reset after the manifest was stored", "PUT manifest", resetAfter]
])("saves a small file after %s in %s", async (_, operation, fault) => {
  const id = small()
  s3.fault = first(operation, fault)
  const { error, retries } = await saveOnce(id)
  expect(error).toBeUndefined()
  // Only uploads report them.
  expect(retries).toHaveLength(operation === "list" ? 0 : 1)
  await expectWhole(id)
})

/** Applies each fault to one request of its operation. */
const sequence = (...faults: ReadonlyArray<readonly [operation: string, fault: Fault]>): Fault => {
  const waiting = [...faults]
  return (request, tools) => {
    const index = waiting.findIndex(([operation]) => operation === request.operation)
    const [found] = index === -1 ? [] : waiting.splice(index, 1)
    return found?.[1](request, tools)
  }
}

it.each<readonly [name: string, faults: ReadonlyArray<readonly [operation: string, fault: Fault]>]>([
  [
    "before and in the parts",
    [
      ["create", slowDown],
      ["PUT part", reset],
      ["PUT part", resetAfter],
      ["PUT part", slowDown],
      ["PUT part", wrongChecksum],
      ["PUT part", truncated]
    ]
  ],
  [
    "after it was created, and in complete",
    [
      ["create", resetAfter],
      ["complete", errorIn200],
      ["complete", slowDown],
      ["complete", truncated],
      ["list uploads", slowDown]
    ]
  ],
  ["after it was completed, by a reset", [["complete", resetAfter]]],
  ["after it was completed, by an error in a response with status 200", [["complete", errorIn200After]]]
])("saves a large file after faults %s", async (_, faults) => {
  const id = large()
  s3.fault = sequence(...faults)
  const { error, retries } = await saveOnce(id, { attempts: 6 })
  expect(error).toBeUndefined()
  expect(retries.length).toBeGreaterThanOrEqual(faults.length)
  await expectWhole(id)
})

it("reads the object if the server reports neither its checksum nor an MD5 entity tag", async () => {
  const [id, other] = [small(), large()]
  s3.fault = async ({ operation }, { forward }) => {
    if (operation !== "HEAD object") return undefined
    const reply = await forward()
    const { "x-amz-checksum-sha256": _, ...headers } = reply.headers
    return { ...reply, headers: { ...headers, ...(reply.status === 200 ? { etag: '"opaque"' } : {}) } }
  }
  for (const each of [id, other]) {
    expect((await saveOnce(each)).error).toBeUndefined()
    await expectWhole(each)
  }
  expect(s3.takeOperations().filter((operation) => operation === "GET object")).toHaveLength(2)
})

it("fails, and stores no manifest, if the stored object has other bytes", async () => {
  const id = small()
  s3.fault = async ({ operation }, { forward }) => {
    if (operation !== "HEAD object") return undefined
    const reply = await forward()
    return reply.status === 200
      ? { ...reply, headers: { ...reply.headers, "x-amz-checksum-sha256": "AAAA" } }
      : reply
  }
  const { error } = await saveOnce(id)
  expect(error?.reason).toMatchObject({ _tag: "TargetFailed", isRetryable: true })
  expect(error?.message).toBe(
    `jimmy:${id}: could not store the file at s3://media: the stored object does not have the bytes of the file. Save again to resume.`
  )
  expect(await s3.keys()).not.toContain(`${keyOf(id)}.json`)
  s3.fault = undefined
  expect((await saveOnce(id)).error).toBeUndefined()
  await expectWhole(id)
})

it("resumes an upload with the parts that are missing, without another download", async () => {
  await using folder = await temporaryFolder()
  const id = addTask(2 * partSize + 40_000)
  s3.fault = async ({ url }) => {
    if (url.searchParams.get("partNumber") !== "3") return undefined
    await vi.waitFor(
      async () => {
        const note = (await readdir(folder.path)).find((name) => name.includes(".upload-")) ?? ""
        const { etags } = JSON.parse(await readFile(join(folder.path, note), "utf8")) as { etags: object }
        expect(Object.keys(etags)).toEqual(["1", "2"])
      },
      { timeout: 10_000 }
    )
    return errorReply(403, "AccessDenied")
  }
  const failed = await save(id, folder.path)
  expect(failed.error?.reason).toMatchObject({ _tag: "TargetFailed", httpStatus: 403, isRetryable: false })
  const names = await readdir(folder.path)
  expect(names.some((name) => name.endsWith(".part"))).toBe(true)
  s3.fault = undefined
  s3.takeOperations()
  const downloads = emulator.requests.filter(({ purpose }) => purpose === "media").length
  expect((await save(id, folder.path)).error).toBeUndefined()
  const operations = s3.takeOperations()
  expect(operations).not.toContain("create")
  expect(operations.filter((operation) => operation === "PUT part")).toHaveLength(1)
  expect(emulator.requests.filter(({ purpose }) => purpose === "media")).toHaveLength(downloads)
  await expectWhole(id)
  expect(await readdir(folder.path)).toEqual([])
})

it("starts again if the server no longer has the upload, and aborts uploads that it does not know", async () => {
  await using folder = await temporaryFolder()
  const id = large()
  s3.fault = ({ operation }) => (operation === "complete" ? errorReply(403, "AccessDenied") : undefined)
  await save(id, folder.path)
  s3.fault = first("complete", () => errorReply(404, "NoSuchUpload"))
  s3.uploads.set("of-a-killed-process", keyOf(id))
  s3.uploads.set("of-another-key", `${keyOf(id)}.other`)
  const aborted: Array<string> = []
  const missing = s3.fault
  s3.fault = (request, tools) => {
    const uploadId = request.url.searchParams.get("uploadId") ?? ""
    if (request.operation !== "abort") return missing(request, tools)
    aborted.push(uploadId)
    if (!uploadId.startsWith("of-")) return undefined
    s3.uploads.delete(uploadId)
    return errorReply(404, "NoSuchUpload")
  }
  expect((await save(id, folder.path)).error).toBeUndefined()
  await expectWhole(id)
  expect(aborted).toContain("of-a-killed-process")
  expect([...s3.uploads.keys()]).toEqual(["of-another-key"])
  s3.uploads.clear()
})

it("removes the upload of its note on a server that cannot list uploads", async () => {
  await using folder = await temporaryFolder()
  s3.listsUploads = false
  const id = large()
  s3.fault = ({ operation }) => (operation === "complete" ? errorReply(403, "AccessDenied") : undefined)
  await save(id, folder.path)
  expect(s3.uploads.size).toBe(1)
  s3.fault = undefined
  // Another part size cannot continue the upload.
  expect((await save(id, folder.path, { partSize: partSize + 1000 })).error).toBeUndefined()
  await expectWhole(id)
  expect(s3.uploads.size).toBe(0)
})

it("stores the manifest of an object that an earlier run has uploaded", async () => {
  await using folder = await temporaryFolder()
  const id = small()
  s3.fault = ({ operation }) => (operation === "PUT manifest" ? errorReply(403, "AccessDenied") : undefined)
  expect((await save(id, folder.path)).error?.reason._tag).toBe("TargetFailed")
  s3.fault = undefined
  s3.takeOperations()
  expect((await save(id, folder.path)).file).toMatchObject({ alreadySaved: false })
  expect(s3.takeOperations()).not.toContain("PUT object")
  await expectWhole(id)
})

it.each([true, false])("replaces no object of others, if conditions are honored: %s", async (honors) => {
  s3.honorsConditions = honors
  const id = small()
  await s3.put(keyOf(id), "of another program")
  const { error } = await saveOnce(id)
  expect(error?.reason).toEqual({ _tag: "FileExists", path: `s3://media/${keyOf(id)}` })
  expect(await (await s3.get(keyOf(id))).text()).toBe("of another program")
  expect((await saveOnce(id, { overwrite: true })).error).toBeUndefined()
  await expectWhole(id)
})

it.each([small, large])("replaces no object that appears during the upload", async (add) => {
  const id = add()
  const operation = add === small ? "PUT object" : "complete"
  s3.fault = first(operation, async () => {
    await s3.put(keyOf(id), "of another program")
    return undefined
  })
  const { error } = await saveOnce(id)
  expect(error?.reason._tag).toBe("FileExists")
  expect(await (await s3.get(keyOf(id))).text()).toBe("of another program")
  expect(s3.uploads.size).toBe(0)
})

it("sends the upload without a condition to a server that does not implement it", async () => {
  const [id, other] = [small(), large()]
  s3.fault = ({ headers }) =>
    headers["if-none-match"] === undefined ? undefined : errorReply(501, "NotImplemented")
  for (const each of [id, other]) {
    expect((await saveOnce(each)).error).toBeUndefined()
    await expectWhole(each)
  }
})

it("saves once for two clients at the same time", async () => {
  const id = large()
  await using one = await temporaryFolder()
  await using two = await temporaryFolder()
  const results = await Promise.all([save(id, one.path), save(id, two.path)])
  expect(results.map(({ error }) => error)).toEqual([undefined, undefined])
  await expectWhole(id)
})

it("adapts to a clock that is wrong, once", async () => {
  const ahead = new Date(Date.now() + 3_600_000)
  const isSkewed = ({ headers }: ReceivedRequest): boolean => {
    const [, day = "", time = ""] = /^(\d{8})T(\d{6})Z$/.exec(String(headers["x-amz-date"])) ?? []
    const sent = Date.parse(`${day.replace(/(....)(..)/, "$1-$2-")}T${time.replace(/(..)(..)/, "$1:$2:")}Z`)
    return Math.abs(sent - ahead.getTime()) > 15 * 60_000
  }
  s3.fault = (request) =>
    isSkewed(request) ? errorReply(403, "RequestTimeTooSkewed", { date: ahead.toUTCString() }) : undefined
  const id = small()
  const { error, retries } = await saveOnce(id)
  expect({ error, retries }).toEqual({ error: undefined, retries: [] })
  await expectWhole(id)
  s3.fault = () => errorReply(403, "RequestTimeTooSkewed", { date: new Date().toUTCString() })
  expect((await saveOnce(small())).error?.message).toContain(
    "the clock of this machine is wrong: correct it."
  )
})

it("renews credentials that have expired, if it can", async () => {
  const id = small()
  const given: Array<string> = []
  const credentials = () => {
    given.push(`token-${given.length + 1}`)
    return Promise.resolve({ ...keys, sessionToken: given.at(-1) })
  }
  s3.fault = ({ headers }) =>
    headers["x-amz-security-token"] === "token-1" ? errorReply(400, "ExpiredToken") : undefined
  expect((await saveOnce(id, { credentials })).error).toBeUndefined()
  expect(given).toEqual(["token-1", "token-2"])
  await expectWhole(id)
})

it("reports expired credentials without the keys", async () => {
  const id = small()
  s3.fault = () => errorReply(403, "ExpiredToken")
  const { error } = await saveOnce(id, {
    env: { ...s3.env, AWS_SESSION_TOKEN: "session-token-never-to-be-seen" }
  })
  expect(error?.message).toBe(
    `jimmy:${id}: could not store the file at s3://media: the credentials have expired (ExpiredToken): renew them.`
  )
  const text = JSON.stringify([error, error?.message, String(error?.stack), error?.cause, target()])
  expect(text).not.toContain(keys.accessKeyId)
  expect(text).not.toContain("never-to-be-seen")
})

it.each([301, 302, 307, 308])("does not follow a redirect with status %d", async (status) => {
  const received: Array<unknown> = []
  const other = createServer((request, response) => {
    received.push(request.headers)
    response.end()
  }).listen(0, "127.0.0.1")
  await once(other, "listening")
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
  s3.fault = () => errorReply(status, "PermanentRedirect", { location, "x-amz-bucket-region": "eu-west-3" })
  const { error } = await saveOnce(small())
  other.close()
  expect(error?.message).toContain(
    "the bucket media is in the region eu-west-3: set AWS_REGION or the option region to it."
  )
  expect(error?.isRetryable).toBe(false)
  expect(received).toEqual([])
})

it("stops soon after an abort, and resumes", async () => {
  await using folder = await temporaryFolder()
  const id = large()
  const controller = new AbortController()
  const held = Promise.withResolvers<undefined>()
  s3.fault = first("PUT part", () => {
    controller.abort(new Error("stop"))
    return held.promise
  })
  const saving = gentask.save(`jimmy:${id}`, {
    target: target(),
    dir: folder.path,
    signal: controller.signal
  })
  await expect(saving).rejects.toThrow("stop")
  held.resolve(undefined)
  s3.fault = undefined
  const downloads = emulator.requests.filter(({ purpose }) => purpose === "media").length
  expect((await save(id, folder.path)).error).toBeUndefined()
  expect(emulator.requests.filter(({ purpose }) => purpose === "media")).toHaveLength(downloads)
  await expectWhole(id)
})
