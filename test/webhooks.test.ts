/** Webhooks end to end: the emulator calls a server, which passes them on to the client that waits for the task. */
import type { IncomingMessage } from "node:http"
import { buffer } from "node:stream/consumers"
import { describe, expect, it, vi } from "vitest"
import { createGentask, memoryLedger, PollPolicy } from "@gentask/core"
import type { Gentask, ReceivedWebhook } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { CallbackScript, Emulator } from "@gentask/emulator"
import { listen } from "./listen.ts"
import { countPosts, submitAccounts } from "./submitSystems.ts"

const secret = "whsec-made-up-1234"

/** How long each task runs, in milliseconds. */
const runningFor = 300

interface Vendor {
  readonly name: string
  readonly account: string
  readonly model: string
  readonly secret: string | undefined
}

const kie: Vendor = { name: "kie", account: "aigptimage@kie", model: "nano-banana-2", secret }

const vendors: ReadonlyArray<Vendor> = [
  kie,
  {
    name: "jimeng at volcengine",
    account: "jimeng@volcengine",
    model: "jimeng_seedream46_cvtob",
    secret: undefined
  }
]

type Received = ReceivedWebhook | { readonly _tag: string }

const onWebhook = async (gentask: Gentask, vendor: Vendor, request: IncomingMessage): Promise<Received> => {
  const body = await buffer(request)
  return gentask
    .receiveWebhook(vendor.account, { headers: request.headers, body, secret: vendor.secret })
    .catch((error: unknown) => error as { readonly _tag: string })
}

/** Starts an emulator, a client that polls once an hour, and a server that passes webhooks on to the client. */
const start = async (vendor: Vendor, callback: CallbackScript) => {
  const script = { callback, task: { runningFor } }
  const emulator = await startEmulator({ submits: { kie: script, jimeng: script } })
  const received: Array<Received> = []
  const gentask = createGentask({
    providers: submitAccounts(emulator),
    pollPolicy: PollPolicy.fixed("1 hour"),
    ledger: memoryLedger()
  })
  const server = await listen(async (request, response) => {
    const result = await onWebhook(gentask, vendor, request)
    received.push(result)
    response.writeHead("_tag" in result ? 400 : 204).end()
  })
  const submit = () =>
    gentask.submit({
      account: vendor.account,
      model: vendor.model,
      prompt: "A fox in the snow",
      webhook: { url: `${server.baseUrl}/webhook` }
    })
  return {
    emulator,
    gentask,
    received,
    submit,
    async [Symbol.asyncDispose]() {
      await gentask.close()
      await server[Symbol.asyncDispose]()
      await emulator.close()
    }
  }
}

const queriesOf = (emulator: Emulator, taskId: string): number =>
  emulator.requests.filter(({ purpose, taskId: id }) => purpose === "query" && id === taskId).length

describe.each(vendors)("a webhook of $name", (vendor) => {
  it("ends a wait long before its next poll", async () => {
    await using running = await start(vendor, { key: secret })
    const { gentask, emulator, received } = running
    const { ref, snapshot } = await running.submit()
    expect(await gentask.wait(ref, { timeout: "20 seconds" })).toMatchObject({ status: "succeeded" })
    expect(received).toMatchObject([{ refs: [ref], isVerified: vendor.secret !== undefined }])
    expect(queriesOf(emulator, snapshot.id)).toBe(2)
    expect(countPosts(emulator.posts())).toEqual({ posts: 1, tasks: 1 })
  })

  it("causes one query if it is sent three times", async () => {
    await using running = await start(vendor, { key: secret, times: 3 })
    const { gentask, emulator, received } = running
    const { ref, snapshot } = await running.submit()
    await gentask.wait(ref, { timeout: "20 seconds" })
    await vi.waitFor(() => expect(received).toHaveLength(3), 10_000)
    expect(queriesOf(emulator, snapshot.id)).toBe(2)
  })

  it("causes nothing if it is received after the wait has ended", async () => {
    await using running = await start(vendor, { key: secret, delay: 400 })
    const { gentask, emulator, received } = running
    const { ref, snapshot } = await running.submit()
    await vi.waitFor(
      async () => expect(await gentask.query(ref)).toMatchObject({ status: "succeeded" }),
      10_000
    )
    await gentask.wait(ref)
    const before = queriesOf(emulator, snapshot.id)
    await vi.waitFor(() => expect(received).toHaveLength(1), 10_000)
    expect(queriesOf(emulator, snapshot.id)).toBe(before)
  })

  it("that is never sent loses nothing: another wait finds the result", async () => {
    await using running = await start(vendor, { times: 0 })
    const { gentask } = running
    const { ref } = await running.submit()
    await expect(gentask.wait(ref, { timeout: 600 })).rejects.toMatchObject({ _tag: "StillRunning" })
    expect(await gentask.wait(ref)).toMatchObject({ status: "succeeded" })
  })
})

describe("a forged webhook of kie", () => {
  it("is rejected, and causes no query", async () => {
    await using running = await start(kie, { key: secret, forged: true, retryDelay: 10 })
    const { gentask, emulator, received } = running
    const { ref, snapshot } = await running.submit()
    await expect(gentask.wait(ref, { timeout: "1 second" })).rejects.toMatchObject({ _tag: "StillRunning" })
    expect(received).toMatchObject([
      { _tag: "InvalidWebhook", reason: { _tag: "InvalidSignature" } },
      { _tag: "InvalidWebhook" },
      { _tag: "InvalidWebhook" }
    ])
    expect(queriesOf(emulator, snapshot.id)).toBe(1)
  })
})
