/** What each response to a submit leads to: the error, the requests that the vendor received, and the ledger. */
import { describe, expect, it, vi } from "vitest"
import { SubmitOutcomeUnknown } from "@gentask/core"
import { aigptimageCreateTiers } from "@gentask/emulator"
import type { Emulator, SubmitFault } from "@gentask/emulator"
import { aigptimage } from "@gentask/provider-aigptimage"
import { countPosts, requestOf, startSubmits, submitSystems } from "./submitSystems.ts"

const errorOf = (promise: Promise<unknown>): Promise<{ readonly _tag?: string } | undefined> =>
  promise.then(
    () => undefined,
    (error: { readonly _tag?: string }) => error
  )

/** Each fault with an unknown outcome. The name of those that make a task ends in "after the task was created". */
const ambiguous: ReadonlyArray<[string, SubmitFault]> = [
  ["a reset before the body is read", { fault: "reset-unread" }],
  ["a reset", { fault: "reset-before-task" }],
  ["a gateway's HTML page", { fault: "proxy-error", status: 502, body: "html" }],
  ["an empty 504", { fault: "proxy-error", status: 504, body: "empty" }],
  ["the vendor's own 500", { fault: "rejected", status: 500 }],
  ["a reset after the task was created", { fault: "reset-after-task" }],
  ["half of a response after the task was created", { fault: "truncated-after-task" }],
  [
    "the vendor's own 500 after the task was created",
    { fault: "error-after-task", status: 500, body: "json" }
  ],
  ["a 502 after the task was created", { fault: "error-after-task", status: 502, body: "html" }],
  ["a 200 without an id after the task was created", { fault: "without-id" }],
  ["HTML with status 200 after the task was created", { fault: "html" }]
]

describe.concurrent.each(submitSystems.filter(({ replays }) => !replays))("with $name", (system) => {
  it.each(ambiguous)("reports an unknown outcome after %s, and sends nothing again", async (name, fault) => {
    await using running = await startSubmits()
    running.script(system, fault)
    const error = await errorOf(running.gentask.submit(requestOf(system)))
    expect(error).toBeInstanceOf(SubmitOutcomeUnknown)
    const [intent] = await running.ledger.intents()
    expect(intent).toMatchObject({ state: "unknown", attempts: 1, refs: [] })
    expect(error).toMatchObject({ intent: intent?.id, isRetryable: false })
    expect(countPosts(running.emulator.posts())).toEqual({
      posts: 1,
      tasks: name.includes("created") ? 1 : 0
    })
  })
})

describe.concurrent.each(submitSystems)("with $name", (system) => {
  it.each([
    ["an HTTP error with an id", { fault: "error-with-id", status: 400 }],
    ["a server error with an id", { fault: "error-with-id", status: 500 }],
    ["a response that is two seconds late", { fault: "late", ms: 2000 }]
  ] as const)("accepts %s", async (_, fault) => {
    await using running = await startSubmits()
    running.script(system, fault)
    const { refs } = await running.gentask.submit(requestOf(system))
    expect(await running.ledger.intents()).toMatchObject([{ state: "accepted", refs, attempts: 1 }])
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 1, tasks: 1 })
  })

  it.each([400, 401, 402, 422])("reports that no task was created after the vendor's %i", async (status) => {
    await using running = await startSubmits()
    running.script(system, { fault: "rejected", status })
    const error = await errorOf(running.gentask.submit(requestOf(system)))
    expect(error).toMatchObject({ _tag: "SubmitRejected", account: system.account, model: system.model })
    expect(await running.ledger.intents()).toMatchObject([{ state: "rejected", attempts: 1, refs: [] }])
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 1, tasks: 0 })
  })

  it(`${system.repeats429 ? "repeats" : "does not repeat"} the vendor's 429`, async () => {
    await using running = await startSubmits()
    // Jimeng has two codes for 429, one of which is that of a limit of active tasks.
    const code = system.service === "jimeng" ? { code: 50429 } : {}
    running.script(system, { fault: "rejected", status: 429, ...code })
    const submitted = running.gentask.submit(requestOf(system))
    if (system.repeats429) {
      const { ref } = await submitted
      expect(await running.ledger.intents()).toMatchObject([{ state: "accepted", refs: [ref], attempts: 2 }])
      expect(countPosts(running.emulator.posts())).toEqual({ posts: 2, tasks: 1 })
      return
    }
    expect(await errorOf(submitted)).toMatchObject({ _tag: "SubmitRejected" })
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 1, tasks: 0 })
  })

  it("repeats a request that could not be delivered", async () => {
    await using running = await startSubmits()
    const accept = await running.emulator.refuseConnections()
    const submitted = running.gentask.submit(requestOf(system))
    await vi.waitFor(async () => expect(await running.ledger.intents()).toHaveLength(1), 15_000)
    await accept()
    await submitted
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 1, tasks: 1 })
  })
})

describe("an idempotency key that the vendor documents to replay", () => {
  const system = submitSystems.find(({ replays }) => replays) ?? submitSystems[0]!

  it.each(ambiguous)("is sent again with the same bytes after %s", async (_, fault) => {
    await using running = await startSubmits()
    running.script(system, fault)
    const { ref, idempotencyKey } = await running.gentask.submit(requestOf(system))
    const posts = running.emulator.posts()
    expect(countPosts(posts)).toEqual({ posts: 2, tasks: 1 })
    expect(posts.map((post) => post.idempotencyKey)).toEqual([idempotencyKey, idempotencyKey])
    // A request that was reset before its body was read has none in the log.
    expect(new Set(posts.map(({ body }) => body).filter((body) => body !== "")).size).toBe(1)
    expect(await running.ledger.intents()).toMatchObject([{ state: "accepted", refs: [ref], attempts: 2 }])
  })

  it("is sent again three times at most, and then the outcome is unknown", async () => {
    await using running = await startSubmits()
    running.script(system, { fault: "reset-after-task", times: "forever" })
    const error = await errorOf(running.gentask.submit(requestOf(system)))
    expect(error).toMatchObject({ _tag: "SubmitOutcomeUnknown" })
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 4, tasks: 1 })
    expect(await running.ledger.intents()).toMatchObject([{ state: "unknown", attempts: 4 }])
  })

  it("is sent once more by reconcile, which finds the task", async () => {
    await using running = await startSubmits()
    running.script(system, { fault: "reset-after-task", times: 4 })
    await errorOf(running.gentask.submit(requestOf(system)))
    const [task] = running.emulator.tasks()
    expect(await running.gentask.reconcile()).toMatchObject([
      { result: "accepted", refs: [`${system.account}:${task?.id}`] }
    ])
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 5, tasks: 1 })
  })

  it("leaves the outcome unknown if a repeated request is rejected", async () => {
    await using running = await startSubmits()
    running.script(system, { fault: "reset-after-task" }, { fault: "rejected", status: 402 })
    const error = await errorOf(running.gentask.submit(requestOf(system)))
    expect(error).toMatchObject({ _tag: "SubmitOutcomeUnknown", lastError: { _tag: "InsufficientCredits" } })
  })
})

describe("a limit of active tasks", () => {
  const system = submitSystems.find(({ name }) => name === "jimeng at volcengine") ?? submitSystems[0]!

  it("waits until another task of the account has ended, and then submits", async () => {
    await using running = await startSubmits({
      submits: { jimeng: { maxActiveTasks: 1, task: { runningFor: 3000 } } }
    })
    const first = await running.gentask.submit(requestOf(system))
    const second = running.gentask.submit(requestOf(system, "A cat"))
    await running.gentask.wait(first.ref)
    await second
    expect(countPosts(running.emulator.posts()).tasks).toBe(2)
    expect(running.emulator.posts().length).toBeLessThanOrEqual(4)
  })
})

describe("the rate limit of submits", () => {
  it("is kept, and does not delay queries", async () => {
    const accounts = ({ url, apiKey }: Emulator) => [aigptimage({ apiKey, baseUrl: url, tier: "standard" })]
    await using running = await startSubmits(
      { submits: { aigptimage: { limits: aigptimageCreateTiers.standard } } },
      { accounts }
    )
    const system = submitSystems.find(({ name }) => name === "aigptimage") ?? submitSystems[0]!
    const submits = Array.from({ length: 12 }, (_, index) =>
      running.gentask.submit(requestOf(system, `Fox ${index}`))
    )
    await vi.waitFor(() => expect(running.emulator.posts().length).toBeGreaterThanOrEqual(8), 15_000)
    const startedAt = performance.now()
    await running.gentask.query(`aigptimage:${running.emulator.tasks()[0]?.id}`)
    expect(performance.now() - startedAt).toBeLessThan(500)
    expect(running.emulator.posts().length).toBeLessThanOrEqual(10)
    await Promise.all(submits)
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 12, tasks: 12 })
  })
})

describe("reconcile", () => {
  const system = submitSystems.find(({ name }) => name === "sora") ?? submitSystems[0]!

  it("finds the only task of the vendor's list with the same model, prompt and time", async () => {
    await using running = await startSubmits()
    running.script(system, { fault: "reset-after-task" })
    await errorOf(running.gentask.submit(requestOf(system, "A fox")))
    await running.gentask.submit(requestOf(system, "A cat"))
    const [task] = running.emulator.tasks()
    const [result] = await running.gentask.reconcile()
    expect(result).toMatchObject({ result: "accepted", refs: [`sora:${task?.id}`] })
    expect(await running.gentask.reconcile()).toEqual([])
    expect(running.emulator.posts()).toHaveLength(2)
  })

  it("picks none of two tasks", async () => {
    await using running = await startSubmits()
    running.script(system, { fault: "reset-after-task", times: 2 })
    await errorOf(running.gentask.submit(requestOf(system)))
    await errorOf(running.gentask.submit(requestOf(system)))
    const results = await running.gentask.reconcile()
    expect(results).toMatchObject([{ result: "ambiguous" }, { result: "ambiguous" }])
    expect(results[0]?.refs).toHaveLength(2)
  })

  it("leaves out tasks that the ledger has", async () => {
    await using running = await startSubmits()
    const { ref } = await running.gentask.submit(requestOf(system))
    running.script(system, { fault: "reset-after-task" })
    await errorOf(running.gentask.submit(requestOf(system)))
    const [result] = await running.gentask.reconcile()
    expect(result).toMatchObject({ result: "accepted" })
    expect(result?.refs).not.toContain(ref)
  })

  it("leaves the outcome unknown if the list has no such task yet", async () => {
    await using running = await startSubmits()
    running.script(system, { fault: "reset-before-task" })
    await errorOf(running.gentask.submit(requestOf(system)))
    expect(await running.gentask.reconcile()).toMatchObject([{ result: "unknown" }])
  })

  it("reports accounts that are not configured, and continues with the others", async () => {
    await using running = await startSubmits()
    const jimmy = submitSystems.find(({ name }) => name === "jimmy")
    if (jimmy === undefined) throw new Error("no system")
    running.script(jimmy, { fault: "reset-after-task" })
    await errorOf(running.gentask.submit(requestOf(jimmy)))
    running.script(system, { fault: "reset-after-task" })
    await errorOf(running.gentask.submit(requestOf(system)))
    const { submitAccounts } = await import("./submitSystems.ts")
    const { createGentask } = await import("@gentask/core")
    await using other = createGentask({
      providers: submitAccounts(running.emulator).filter(({ spec }) => spec.id === "sora"),
      ledger: running.ledger
    })
    expect(await other.reconcile()).toMatchObject([
      { account: "sora", result: "accepted" },
      { account: "jimmy", result: "unknown" }
    ])
  })

  it("does not send a key to another host than that of the submit", async () => {
    const aigptimage = submitSystems.find(({ replays }) => replays) ?? system
    await using running = await startSubmits()
    await using elsewhere = await startSubmits({}, { ledger: running.ledger })
    running.script(aigptimage, { fault: "reset-after-task", times: 4 })
    await errorOf(running.gentask.submit(requestOf(aigptimage)))
    expect(await elsewhere.gentask.reconcile()).toMatchObject([{ result: "unknown" }])
    expect(elsewhere.emulator.requests).toEqual([])
  })
})
