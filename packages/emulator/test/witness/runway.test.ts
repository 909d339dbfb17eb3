/** Runway's published client submits to, polls, cancels, uploads and downloads from the emulator. */
import RunwayML, { NotFoundError, toFile } from "@runwayml/sdk"
import { assert, describe, it } from "vitest"
import type { Emulator, EmulatorOptions, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"

const clientOf = (emulator: Emulator, apiKey = emulator.apiKey): RunwayML =>
  new RunwayML({ apiKey, baseURL: emulator.hostUrl("runway"), maxRetries: 0 })

const startWith = async (runway: SubmitScript = {}, options: EmulatorOptions = {}) => {
  const emulator = await start({ ...options, submits: { runway } })
  return { emulator, client: clientOf(emulator) }
}

const request = { model: "veo3.1", promptText: "A fox", ratio: "1280:720" } as const

/** The status and the body of an error of the client. */
const errorOf = async (promise: Promise<unknown>): Promise<{ status: number; error: any }> =>
  promise.then(
    () => assert.fail("expected an error"),
    (error: { status: number; error: unknown }) => error
  )

describe("Runway's client", () => {
  it("creates a task, gets it in each status, and downloads its output", async () => {
    const { emulator, client } = await startWith({ task: { media: ["mp4", "mp4"] } })
    const { id, estimatedCost } = await client.textToVideo.create(request)
    assert.isAbove(estimatedCost.credits, 0)
    assert.deepInclude(emulator.task("runway", id), { model: "veo3.1", prompt: "A fox", kind: "video" })
    const task = await client.tasks.retrieve(id)
    assert(task.status === "SUCCEEDED")
    assert.isAbove(task.cost.credits, 0)
    const files = await Promise.all(task.output.map((url) => fetch(url)))
    assert.deepEqual(
      files.map(({ headers }) => headers.get("content-type")),
      ["video/mp4", "video/mp4"]
    )
  })

  it("waits for the end of a task", { timeout: 20_000 }, async () => {
    const { emulator, client } = await startWith()
    const { status } = await client.textToVideo.create(request).waitForTaskOutput()
    assert.strictEqual(status, "SUCCEEDED")
    assert.deepEqual(
      emulator.requests.map(({ purpose }) => purpose),
      ["submit", "query"]
    )
  })

  it.each([
    [{ queuedFor: 60_000 }, { status: "PENDING" }],
    [{ queuedFor: 60_000, statuses: { queued: "THROTTLED" } }, { status: "THROTTLED" }],
    [{ runningFor: 60_000 }, { status: "RUNNING" }],
    [{ end: "canceled" }, { status: "CANCELLED", cost: { credits: 0 } }],
    [
      { end: "failed", failure: { code: "SAFETY.INPUT.TEXT", message: "No" } },
      { status: "FAILED", failure: "No", failureCode: "SAFETY.INPUT.TEXT" }
    ]
  ] as const)("gets the task of %j", async (script, expected) => {
    const { emulator, client } = await startWith()
    const { id } = emulator.addTask({ vendor: "runway", ...script })
    assert.deepInclude(await client.tasks.retrieve(id), expected)
  })

  it("cancels a task that runs, and deletes one that has ended", async () => {
    const { emulator, client } = await startWith()
    const ids = [emulator.addTask({ vendor: "runway", end: "never" }), emulator.addTask({ vendor: "runway" })]
    for (const { id } of ids) {
      await client.tasks.delete(id)
      assert.instanceOf(await errorOf(client.tasks.retrieve(id)), NotFoundError)
      assert.instanceOf(await errorOf(client.tasks.delete(id)), NotFoundError)
    }
    assert.deepInclude(emulator.requests[0], {
      purpose: "cancel",
      vendor: "runway",
      taskId: ids[0]?.id ?? null
    })
  })

  it("uploads a file without the key, and names it in a submit", async () => {
    const { emulator, client } = await startWith()
    const file = await toFile(Buffer.from([0, 255, 254]), "fox.png", { type: "image/png" })
    const { uri } = await client.uploads.createEphemeral({ file })
    const image = { model: "gen4_turbo", ratio: "1280:720" } as const
    await client.imageToVideo.create({ ...image, promptImage: uri })
    assert.deepInclude(emulator.uploads()[0], { service: "runway", size: 3, reference: uri })
    assert.deepInclude(emulator.tasks()[0]?.data["input"], { promptImage: uri })
    const missing = client.imageToVideo.create({ ...image, promptImage: "runway://missing" })
    assert.strictEqual((await errorOf(missing)).status, 400)
  })

  it("gets the credit of the organization", async () => {
    const { client } = await startWith({ credit: 100, price: 25 })
    await client.textToVideo.create(request)
    assert.strictEqual((await client.organization.retrieve()).creditBalance, 75)
  })

  it("receives the vendor's errors", async () => {
    const { emulator, client } = await startWith({ credit: 0, price: 1 })
    const errors = await Promise.all(
      [
        client.textToVideo.create(request),
        // @ts-expect-error The prompt is required.
        client.textToVideo.create({ ...request, promptText: undefined }),
        client.tasks.retrieve("unknown"),
        clientOf(emulator, "key_other").tasks.retrieve("unknown")
      ].map(errorOf)
    )
    assert.deepEqual(
      errors.map(({ status }) => status),
      [400, 400, 404, 401]
    )
    assert.include(errors[0]?.error.error, "enough credits")
    assert.deepInclude(errors[1]?.error.issues[0], { path: ["promptText"] })
  })
})

it("refuses a request without the version of the API", async () => {
  const { emulator } = await startWith()
  const { id } = emulator.addTask({ vendor: "runway" })
  const headers = { authorization: `Bearer ${emulator.apiKey}` }
  const { status, body } = await send(`${emulator.hostUrl("runway")}/v1/tasks/${id}`, { headers })
  assert.strictEqual(status, 400)
  assert.include(body.error, "X-Runway-Version")
})
