/** Idempotency keys of the caller, aborts, and a client that is closed while it submits. */
import { join } from "node:path"
import { describe, expect, it, vi } from "vitest"
import { createGentask, memoryLedger } from "@gentask/core"
import type { Ledger } from "@gentask/core"
import type { Emulator } from "@gentask/emulator"
import { openLedger } from "@gentask/ledger"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startSubmitter } from "./submitProcess.ts"
import { countPosts, startSubmits, submitAccounts } from "./submitSystems.ts"

const keyed = { account: "jimmy", model: "gpt-image-2", prompt: "A fox", idempotencyKey: "order-7" }

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error
  )

describe("the same idempotency key", () => {
  it("with the same request returns the same task", async () => {
    await using running = await startSubmits()
    const first = await running.gentask.submit(keyed)
    const second = await running.gentask.submit({ ...keyed })
    expect(second).toMatchObject({ ref: first.ref, refs: first.refs, intent: first.intent, isReplay: true })
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 1, tasks: 1 })
  })

  it("with another request is an error", async () => {
    await using running = await startSubmits()
    await running.gentask.submit(keyed)
    expect(await errorOf(running.gentask.submit({ ...keyed, prompt: "A cat" }))).toMatchObject({
      reason: { _tag: "IdempotencyKeyReused", idempotencyKey: "order-7" }
    })
    expect(running.emulator.posts()).toHaveLength(1)
  })

  it("submits again after the vendor has rejected the request", async () => {
    await using running = await startSubmits()
    running.emulator.scriptSubmits("jimmy", { faults: [{ fault: "rejected", status: 402 }] })
    const error = await errorOf(running.gentask.submit(keyed))
    const { intent, isReplay } = await running.gentask.submit(keyed)
    expect(error).toMatchObject({ _tag: "SubmitRejected", intent })
    expect(isReplay).toBe(false)
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 2, tasks: 1 })
  })

  it("sends nothing while the outcome of the first request is unknown", async () => {
    await using running = await startSubmits()
    running.emulator.scriptSubmits("jimmy", { faults: [{ fault: "reset-after-task" }] })
    const first = await errorOf(running.gentask.submit(keyed))
    const second = await errorOf(running.gentask.submit(keyed))
    expect(first).toMatchObject({ _tag: "SubmitOutcomeUnknown" })
    expect(second).toMatchObject({ _tag: "SubmitOutcomeUnknown", lastError: { _tag: "Unreachable" } })
    expect(running.emulator.posts()).toHaveLength(1)
  })

  it("creates one task for twenty concurrent callers of two clients", async () => {
    const ledger = memoryLedger()
    await using running = await startSubmits({}, { ledger })
    await using other = createGentask({ providers: submitAccounts(running.emulator), ledger })
    const submits = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? running.gentask : other).submit(keyed)
    )
    const refs = (await Promise.all(submits)).map(({ ref }) => ref)
    expect(new Set(refs).size).toBe(1)
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 1, tasks: 1 })
  })

  it("creates one task for two processes", async () => {
    await using running = await startSubmits({
      submits: { jimmy: { faults: [{ fault: "late", ms: 300, times: "forever" }] } }
    })
    await using folder = await temporaryFolder()
    const path = join(folder.path, "ledger.db")
    await using ledger = await openLedger({ path })
    const outputs = await Promise.all([0, 1].map(() => submitInProcess(running.emulator, path)))
    expect(new Set(outputs.map((each) => each?.ref)).size).toBe(1)
    expect(outputs.map((each) => each?.isReplay === true).filter(Boolean)).toEqual([true])
    expect(countPosts(running.emulator.posts())).toEqual({ posts: 1, tasks: 1 })
    expect(await ledger.intents()).toMatchObject([{ state: "accepted" }])
  })

  it("waits for the submit of another process until that process is dead, and then reports an unknown outcome", async () => {
    const ledger = memoryLedger()
    await using running = await startSubmits({}, { ledger })
    const pending = await pendingIntent(ledger, running.emulator)
    expect(await errorOf(running.gentask.submit(keyed))).toMatchObject({
      _tag: "SubmitOutcomeUnknown",
      intent: pending.id,
      lastError: { code: "UNSETTLED" }
    })
    expect(await ledger.intents()).toMatchObject([{ id: pending.id, state: "unknown" }])
    expect(running.emulator.posts()).toEqual([])
  })
})

/** Records the intent of a process that is not running any more. */
const pendingIntent = async (ledger: Ledger, emulator: Emulator) => {
  const template = memoryLedger()
  await using gentask = createGentask({ providers: submitAccounts(emulator), ledger: template })
  await gentask.submit(keyed)
  emulator.clearRequests()
  const [intent] = await template.intents()
  if (intent === undefined) throw new Error("no intent")
  // The start time of a process that has never existed.
  const owner = intent.owner.replace(/-[0-9a-z]+(-[0-9a-f]{8})$/, "-1$1")
  return (await ledger.begin({ ...intent, owner })).intent
}

const submitInProcess = async ({ url, apiKey, accessKey }: Emulator, path: string) => {
  await using submitter = startSubmitter({ url, apiKey, accessKey, path, requests: [keyed] })
  const events = await submitter.end()
  return events.find(({ submitted }) => submitted !== undefined)?.submitted
}

describe("an abort", () => {
  const start = async (delayMs = 5000) =>
    startSubmits({ submits: { jimmy: { faults: [{ fault: "late", ms: delayMs, times: "forever" }] } } })

  it("before the request rejects with the signal's reason", async () => {
    await using running = await start()
    const reason = new Error("stop")
    expect(await errorOf(running.gentask.submit(keyed, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(running.emulator.posts()).toEqual([])
    expect(await running.ledger.intents()).toEqual([])
  })

  it("while a file is uploaded rejects with the signal's reason at once", async () => {
    await using running = await start()
    const abort = new AbortController()
    const images = [new Blob([new Uint8Array(64)], { type: "image/png" })]
    const accept = await running.emulator.refuseConnections()
    const submitted = running.gentask.submit({ ...keyed, images }, { signal: abort.signal })
    const reason = new Error("stop")
    setTimeout(() => abort.abort(reason), 100)
    const startedAt = performance.now()
    expect(await errorOf(submitted)).toBe(reason)
    expect(performance.now() - startedAt).toBeLessThan(700)
    await accept()
    expect(await running.ledger.intents()).toEqual([])
  })

  it("before the request could be delivered rejects with the signal's reason, and the ledger has no task", async () => {
    await using running = await start()
    const accept = await running.emulator.refuseConnections()
    const abort = new AbortController()
    const submitted = running.gentask.submit(keyed, { signal: abort.signal })
    const reason = new Error("stop")
    await vi.waitFor(async () => expect(await running.ledger.intents()).toHaveLength(1), 15_000)
    abort.abort(reason)
    expect(await errorOf(submitted)).toBe(reason)
    expect(await running.ledger.intents()).toMatchObject([{ state: "rejected", refs: [] }])
    await accept()
    expect(running.emulator.posts()).toEqual([])
  })

  it("while the request is under way reports an unknown outcome at once", async () => {
    await using running = await start()
    const abort = new AbortController()
    const submitted = running.gentask.submit(keyed, { signal: abort.signal })
    await vi.waitFor(() => expect(running.emulator.posts()).toHaveLength(1), 15_000)
    const startedAt = performance.now()
    abort.abort()
    expect(await errorOf(submitted)).toMatchObject({
      _tag: "SubmitOutcomeUnknown",
      lastError: { code: "ABORTED" }
    })
    expect(performance.now() - startedAt).toBeLessThan(500)
    expect(await running.ledger.intents()).toMatchObject([{ state: "unknown", attempts: 1 }])
  })

  it("of generate after the task was created rejects with the signal's reason", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits({ submits: { jimmy: { task: { end: "never" } } } })
    const abort = new AbortController()
    const reason = new Error("stop")
    const generated = running.gentask.generate(keyed, {
      dir: folder.path,
      signal: abort.signal,
      onSubmit: () => abort.abort(reason)
    })
    expect(await errorOf(generated)).toBe(reason)
    expect(await running.ledger.intents()).toMatchObject([{ state: "accepted" }])
  })
})

describe("a client that is closed", () => {
  it("while the request is under way reports an unknown outcome, and the ledger has it", async () => {
    await using running = await startSubmits({
      submits: { jimmy: { faults: [{ fault: "late", ms: 5000 }] } }
    })
    const submitted = errorOf(running.gentask.submit(keyed))
    await vi.waitFor(() => expect(running.emulator.posts()).toHaveLength(1), 15_000)
    await running.gentask.close()
    expect(await submitted).toMatchObject({ _tag: "SubmitOutcomeUnknown" })
    expect(await running.ledger.intents()).toMatchObject([{ state: "unknown", attempts: 1 }])
  })

  it("before the request could be delivered rejects with ClientClosed, and the ledger has no task", async () => {
    await using running = await startSubmits()
    const accept = await running.emulator.refuseConnections()
    const submitted = errorOf(running.gentask.submit(keyed))
    await vi.waitFor(async () => expect(await running.ledger.intents()).toHaveLength(1), 15_000)
    await running.gentask.close()
    await accept()
    expect(await submitted).toMatchObject({ _tag: "ClientClosed" })
    expect(await running.ledger.intents()).toMatchObject([{ state: "rejected" }])
  })

  it("rejects later submits with ClientClosed", async () => {
    await using running = await startSubmits()
    await running.gentask.close()
    expect(await errorOf(running.gentask.submit(keyed))).toMatchObject({ _tag: "ClientClosed" })
    expect(running.emulator.posts()).toEqual([])
  })
})
