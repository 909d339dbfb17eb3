/** Signed requests to Volcengine. The emulator verifies signatures with its own implementation of the documents. */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { createGentask, PollPolicy } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { jimeng } from "@gentask/provider-jimeng"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { replaceTask } from "./systems.ts"

const script = { vendor: "jimeng", dialect: "volcengine" } as const

const accountOn = (emulator: Emulator, apiKey = emulator.accessKey) =>
  jimeng({ account: "volcengine", endpoint: "volcengine", baseUrl: emulator.url, apiKey })

/** Waits for a task with an API key, and returns the snapshot or the error. */
const waitWith = async (apiKey: string): Promise<unknown> => {
  await using emulator = await startEmulator()
  await using gentask = createGentask({ providers: [accountOn(emulator, apiKey)] })
  const { id } = emulator.addTask(script)
  return await gentask.wait(`jimeng@volcengine:${id}`).catch((error: unknown) => error)
}

/** Returns a clock that differs by some milliseconds from another. */
const skewClock = (clock: Clock.Clock, by: number): Clock.Clock => ({
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + by,
  currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + by),
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
  currentTimeNanos: clock.currentTimeNanos,
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => clock.sleep(duration)
})

describe("the endpoint volcengine", () => {
  it.each([
    { media: "an image", kind: "image", params: "", extension: "jpg" },
    { media: "a video", kind: "video", params: "?req_key=jimeng_ti2v_v30_pro", extension: "mp4" }
  ] as const)(
    "queries, waits for and saves a task that makes $media",
    async ({ kind, params, extension }) => {
      await using emulator = await startEmulator()
      await using folder = await temporaryFolder()
      await using gentask = createGentask({
        providers: [accountOn(emulator)],
        pollPolicy: PollPolicy.growing({ min: 50 })
      })
      const task = emulator.addTask({ ...script, kind, queuedFor: 600_000 })
      const { id } = task
      const ref = `jimeng@volcengine:${id}${params}`

      expect(await gentask.query(ref)).toMatchObject({ ref, id, status: "queued", rawStatus: "in_queue" })
      const snapshot = await gentask.wait(ref, {
        onUpdate: ({ status }) => {
          if (status === "queued") replaceTask(emulator, task, { ...script, kind })
        }
      })
      expect(snapshot).toMatchObject({ status: "succeeded", rawStatus: "done" })
      const [file] = await gentask.save(snapshot, { dir: folder.path })
      const bytes = await readFile(file?.path ?? "")
      expect(file?.path.endsWith(`.${extension}`)).toBe(true)
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(await emulator.digest("jimeng", id))

      const queries = emulator.requests.filter(({ purpose }) => purpose === "query")
      expect(queries.map(({ status, path }) => `${status} ${path}`)).toEqual(queries.map(() => "200 /"))
      const [{ headers, query } = { headers: {}, query: {} }] = queries
      expect(query).toEqual({ Action: "CVSync2AsyncGetResult", Version: "2022-08-31" })
      expect(headers).toMatchObject({
        host: new URL(emulator.url).host,
        "content-type": "application/json",
        "x-content-sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
        "x-date": expect.stringMatching(/^\d{8}T\d{6}Z$/),
        authorization: expect.stringMatching(
          /^HMAC-SHA256 Credential=AKLTemulator\/\d{8}\/cn-north-1\/cv\/request, SignedHeaders=content-type;host;x-content-sha256;x-date, Signature=[0-9a-f]{64}$/
        )
      })
      const media = emulator.requests.filter(({ purpose }) => purpose === "media")
      expect(media.map(({ headers }) => headers.authorization)).toEqual([undefined])
    }
  )

  it("returns a rejected task as a failure", async () => {
    await using emulator = await startEmulator()
    await using gentask = createGentask({ providers: [accountOn(emulator)] })
    const { id } = emulator.addTask({ ...script, end: "failed", failure: { code: 50_511 } })
    await expect(gentask.query(`jimeng@volcengine:${id}`)).resolves.toMatchObject({
      status: "failed",
      failure: { reason: "moderation", code: "50511", message: "Post Img Risk Not Pass", canResubmit: true }
    })
  })

  it.each([
    {
      what: "another secret",
      apiKey: "AKLTemulator|not-the-secret",
      code: "SignatureDoesNotMatch",
      message: "the vendor rejected the API key"
    },
    {
      what: "an unknown access key id",
      apiKey: "AKLTother|not-the-secret",
      code: "InvalidAccessKey",
      message: "Volcengine does not know the access key id"
    },
    {
      what: "the parts in the wrong order",
      apiKey: "not-the-secret|AKLTemulator",
      code: "InvalidAccessKey",
      message: "Volcengine does not know the access key id"
    }
  ])("fails with Unauthorized for $what, and does not show it", async ({ apiKey, code, message }) => {
    const error = await waitWith(apiKey)
    expect(error).toMatchObject({
      _tag: "ProviderError",
      reason: { _tag: "Unauthorized", code, httpStatus: 401 },
      message: expect.stringContaining(message)
    })
    expect(String(error) + JSON.stringify(error)).not.toContain("not-the-secret")
  })

  it("sends no request with an API key in another format", async () => {
    const error = await waitWith("sk-not-an-access-key")
    expect(error).toMatchObject({
      _tag: "ConfigurationError",
      message: expect.stringContaining("ACCESS_KEY_ID|SECRET_ACCESS_KEY")
    })
    expect(String(error) + JSON.stringify(error)).not.toContain("sk-not-an-access-key")
  })

  it.each([-3_600_000, 3_600_000])("suggests to check the clock if it differs by %i ms", async (by) => {
    await using emulator = await startEmulator()
    const { id } = emulator.addTask(script)
    const query = Tasks.use((tasks) => tasks.query(`jimeng@volcengine:${id}`))
    const skewed = Effect.clockWith((clock) =>
      Effect.provideService(query, Clock.Clock, skewClock(clock, by))
    )
    const provided = Effect.provide(skewed, Tasks.layer({ providers: [accountOn(emulator)] }))
    await expect(Effect.runPromise(provided)).rejects.toMatchObject({
      _tag: "ProviderError",
      reason: { _tag: "InvalidRequest", code: "InvalidTimestamp", httpStatus: 400 },
      message: expect.stringContaining(
        "Check this machine's clock, which dates the signature: The Signature of the request is expired."
      )
    })
  })
})
