import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { createGentask } from "@gentask/core"
import type { Gentask, SaveOptions } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { afterAll, beforeAll, expect, it } from "vitest"
import { s3Target } from "@gentask/target-s3"
import { bucket, startS3 } from "@gentask/tooling/s3/startS3"
import type { S3Server } from "@gentask/tooling/s3/startS3"

const mebibyte = 1024 ** 2
const partSize = 5 * mebibyte

let s3: S3Server
let emulator: Emulator
let gentask: Gentask

beforeAll(async () => {
  s3 = await startS3()
  emulator = await startEmulator()
  gentask = createGentask({ providers: [jimmy({ apiKey: emulator.apiKey, baseUrl: emulator.url })] })
})
afterAll(async () => {
  await gentask.close()
  await emulator.close()
  await s3[Symbol.asyncDispose]()
})

const target = (options: Partial<Parameters<typeof s3Target>[0]> = {}) =>
  s3Target({ url: `s3://${bucket}/out`, env: s3.env, partSize, ...options })

const save = async (id: string, options: Partial<SaveOptions> = {}) => {
  await using folder = await temporaryFolder()
  const files = await gentask.save(`jimmy:${id}`, { target: target(), dir: folder.path, ...options })
  expect(await readdir(folder.path)).toEqual([])
  return files
}

const sha256Of = async (key: string): Promise<string> => {
  const bytes = Buffer.from(await (await s3.get(key)).arrayBuffer())
  return createHash("sha256").update(bytes).digest("hex")
}

it("stores a file and then its manifest, and recognizes both", async () => {
  const { id } = emulator.addTask({ vendor: "jimmy", id: "small" })
  s3.takeOperations()
  const [file] = await save(id, { target: target({ publicUrl: "https://cdn.example.com/" }) })
  expect(s3.takeOperations()).toEqual([
    "list",
    "list",
    "HEAD object",
    "PUT object",
    "HEAD object",
    "PUT manifest"
  ])
  const key = `out/jimmy_small.png`
  expect(file).toMatchObject({
    path: `s3://media/${key}`,
    url: `https://cdn.example.com/${key}`,
    mediaType: "image/png",
    sha256: await emulator.digest("jimmy", id),
    alreadySaved: false
  })
  expect(await sha256Of(key)).toBe(file?.sha256)
  const stored = await s3.get(key)
  expect(Object.fromEntries(stored.headers)).toMatchObject({
    "content-type": "image/png",
    "x-amz-meta-ref": "jimmy:small",
    "x-amz-meta-sha256": file?.sha256
  })
  expect(await (await s3.get(`${key}.json`)).json()).toMatchObject({
    ref: "jimmy:small",
    file: "jimmy_small.png",
    sha256: file?.sha256
  })
  const mediaRequests = (): number => emulator.requests.filter(({ purpose }) => purpose === "media").length
  const before = mediaRequests()
  const [again] = await save(id)
  expect(again).toMatchObject({ path: file?.path, sha256: file?.sha256, alreadySaved: true })
  expect(s3.takeOperations()).toEqual(["list", "list", "GET manifest", "HEAD object"])
  expect(mediaRequests()).toBe(before)
})

it("uploads a large file in parts, and verifies the checksum of the object", async () => {
  const { id } = emulator.addTask({ vendor: "jimmy", id: "large", mediaSize: 11 * mebibyte })
  s3.takeOperations()
  const [file] = await save(id)
  expect(s3.takeOperations()).toEqual([
    "list",
    "list",
    "HEAD object",
    "create",
    "PUT part",
    "PUT part",
    "PUT part",
    "complete",
    "HEAD object",
    "list uploads",
    "PUT manifest"
  ])
  expect(await sha256Of("out/jimmy_large.png")).toBe(await emulator.digest("jimmy", id))
  expect(file?.bytes).toBe(11 * mebibyte)
  expect([...s3.uploads]).toEqual([])
})

it("encodes keys with characters that have a meaning in URLs", async () => {
  const id = "a+b c(é)'!*:~"
  emulator.addTask({ vendor: "jimmy", id })
  const prefix = "ü &=?#+%41'()"
  const [file] = await save(id, {
    target: target({ url: `s3://${bucket}/${prefix}`, publicUrl: "https://cdn.example.com" })
  })
  const key = file?.path.slice(`s3://${bucket}/`.length) ?? ""
  expect(key.startsWith(`${prefix}/jimmy_`)).toBe(true)
  expect(await sha256Of(key)).toBe(file?.sha256)
  expect(decodeURIComponent(new URL(file?.url ?? "").pathname)).toBe(`/${key}`)
})

it("refuses an endpoint without names for buckets, whose requests would reach another bucket", () => {
  expect(() => target({ endpoint: "http://127.0.0.1:9000", pathStyle: false })).toThrow(
    "Invalid pathStyle: media.127.0.0.1 is not a valid host name."
  )
})
