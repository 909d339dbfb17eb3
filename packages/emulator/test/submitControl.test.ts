/** Submits over the control API, their log, and the faults of a chaos profile. */
import { assert, describe, it } from "vitest"
import { chaosSubmitWeights, startEmulator } from "../src/index.ts"
import type { ChaosOptions, Emulator } from "../src/index.ts"
import { countsOf, outcomeOf, post, submit, validSubmits } from "./submits.ts"
import { inOrder, send, start } from "./support.ts"

const control = (emulator: Emulator, path: string, method = "GET", body?: unknown) =>
  send(`${emulator.url}/_emulator/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) })
  })

describe("the log of submits", () => {
  it("has the headers, the exact body and the task of each request", async () => {
    const emulator = await start()
    const { path, body } = validSubmits.aigptimage
    await post(emulator, path, `  ${JSON.stringify(body)}`, { "x-request-id": "key-1", "x-other": "1" })
    const [logged] = emulator.posts()
    const [task] = emulator.tasks()
    assert.deepInclude(logged, {
      service: "aigptimage",
      apiKey: emulator.apiKey,
      path,
      search: "",
      body: `  ${JSON.stringify(body)}`,
      idempotencyKey: "key-1",
      taskId: task?.id ?? null,
      created: true,
      status: 200,
      fault: null
    })
    assert.strictEqual(logged?.headers["x-other"], "1")
    assert.deepInclude(task?.submit, { service: "aigptimage", idempotencyKey: "key-1", body })
    emulator.clearRequests()
    assert.deepEqual(countsOf(emulator), { posts: 0, tasks: 1 })
  })

  it("counts each account", async () => {
    const emulator = await start({ moreApiKeys: ["sk-other"] })
    await submit(emulator, "jimmy")
    await submit(emulator, "jimmy", { authorization: "Bearer sk-other" })
    await submit(emulator, "jimmy", { authorization: "Bearer sk-wrong" })
    assert.deepEqual(emulator.submitCounts(), [
      { service: "jimmy", apiKey: emulator.apiKey, posts: 1, tasks: 1 },
      { service: "jimmy", apiKey: "sk-other", posts: 1, tasks: 1 },
      { service: "jimmy", apiKey: "sk-wrong", posts: 1, tasks: 0 }
    ])
  })
})

describe("the control API", () => {
  it("changes and lists submits", async () => {
    const emulator = await start()
    const change = { faults: [{ fault: "error-after-task" }] }
    assert.strictEqual((await control(emulator, "submits/jimmy", "PUT", change)).status, 204)
    assert.strictEqual((await submit(emulator, "jimmy")).status, 500)
    const { body } = await control(emulator, "submits")
    assert.strictEqual(body.submits[0].taskId, emulator.tasks()[0]?.id)
    assert.deepEqual(body.counts, emulator.submitCounts())
    assert.deepEqual((await control(emulator, "uploads")).body, { uploads: [] })
    assert.deepEqual((await control(emulator, "callbacks")).body, { callbacks: [] })
  })

  it("explains what is wrong with a submit script", async () => {
    const emulator = await start()
    const invalid = await control(emulator, "submits/jimmy", "PUT", { price: -1 })
    assert.deepEqual(
      [invalid.status, invalid.body.error],
      [400, "Invalid submit script: price: expected number to be >=0, received -1."]
    )
    assert.strictEqual((await control(emulator, "submits/jimmy", "PUT", "{")).status, 400)
    const unknown = await control(emulator, "submits/unknown", "PUT", {})
    assert.strictEqual(unknown.status, 404)
  })
})

describe("a chaos profile", () => {
  const run = async (chaos: ChaosOptions): Promise<{ outcomes: (number | string)[]; emulator: Emulator }> => {
    const emulator = await start({ chaos })
    const { path } = validSubmits.sora
    const outcomes = await inOrder(Array.from({ length: 60 }).keys(), (index) =>
      outcomeOf(post(emulator, path, { model: "sora-2", prompt: `A cat ${index}` }))
    )
    return { outcomes, emulator }
  }

  it("injects the same faults of submits for the same seed", async () => {
    const chaos = { seed: 1, rate: 0, submitRate: 0.5, maxDelay: 1 }
    const first = await run(chaos)
    const second = await run(chaos)
    const faultsOf = ({ emulator }: { readonly emulator: Emulator }) =>
      emulator.posts().map(({ fault }) => fault)
    assert.deepEqual(faultsOf(first), faultsOf(second))
    const faulted = faultsOf(first).filter((fault) => fault !== null)
    assert.isTrue(faulted.length > 15 && faulted.length < 45, String(faulted.length))
    for (const { taskId, created } of first.emulator.posts()) assert.strictEqual(taskId !== null, created)
  })

  it("does not affect submits by default", async () => {
    const { outcomes } = await run({ seed: 1, rate: 1 })
    assert.deepEqual([...new Set(outcomes)], [200])
  })

  it("has the chosen faults only", async () => {
    const submitWeights = { "reset-after-task": 1 }
    const { emulator } = await run({ seed: 1, rate: 0, submitRate: 1, submitWeights })
    assert.deepEqual([...new Set(emulator.posts().map(({ fault }) => fault))], ["reset-after-task"])
    assert.strictEqual(emulator.tasks().length, 60)
    assert.isTrue(Object.values(chaosSubmitWeights).every((weight) => weight > 0))
  })

  it("is validated", async () => {
    const invalid = startEmulator({ chaos: { seed: 1, rate: 0, submitRate: 2 } })
    assert.match(await invalid.then(() => "started", String), /RangeError: Invalid chaos\.submitRate/)
  })
})
