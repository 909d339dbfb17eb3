/** Webhooks of vendors end to end: the emulator of kie.ai calls a tracker that polls once an hour. */
import { createHmac } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { UndiciTransport } from "@gentask/core/effect"
import { startEmulator } from "@gentask/emulator"
import type { CallbackScript, Emulator } from "@gentask/emulator"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimmy } from "@gentask/provider-jimmy"
import { startTracker } from "@gentask/tracker"
import type { TrackerOptions } from "@gentask/tracker"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { describe, expect, it, vi } from "vitest"
import { trackerAccountsLayer } from "../src/owner/TrackerAccounts.ts"
import { TrackerStore } from "../src/store/TrackerStore.ts"
import { trackerParts } from "../src/trackerParts.ts"
import { newFolder } from "./support/folders.ts"
import { openDatabase } from "./support/openDatabase.ts"
import { startOwners } from "./support/owners.ts"

const wait = { timeout: 20_000, interval: 20 }
const token = "token-of-the-tests"
const account = "aigptimage@kie"
const signingSecret = "whsec-made-up-1234"

/** The path that derives from the first token of an administrator. */
const kiePath = `/v1/hooks/${encodeURIComponent(account)}/${createHmac("sha256", token)
  .update(`gentask-hook:${account}`)
  .digest("base64url")}`

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, "close")
  return port
}

const providersOf = ({ apiKey, url }: Emulator) => [
  aigptimage({ account: "kie", endpoint: "kie", apiKey, baseUrl: `${url}/kie` }),
  jimmy({ apiKey, baseUrl: url })
]

const requestsTo = (url: string) => {
  const request = async (
    method: string,
    path: string,
    body?: unknown
  ): Promise<Readonly<Record<string, unknown>>> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    return (await response.json()) as Readonly<Record<string, unknown>>
  }
  return {
    submit: async (): Promise<string> => {
      const body = { account, model: "nano-banana-2", prompt: "A fox in the snow" }
      const submit = await request("POST", "/v1/tasks", body)
      expect(submit).toMatchObject({ state: "accepted" })
      return (submit["refs"] as ReadonlyArray<string>)[0] ?? ""
    },
    task: (ref: string) => request("GET", `/v1/tasks/${encodeURIComponent(ref)}`),
    webhookPath: async (authorization: string, name = account): Promise<unknown> => {
      const response = await fetch(`${url}/v1/accounts`, {
        headers: { authorization: `Bearer ${authorization}` }
      })
      const accounts = (await response.json()) as ReadonlyArray<Readonly<Record<string, unknown>>>
      return accounts.find((each) => each["account"] === name)?.["webhookPath"]
    }
  }
}

const setUp = async (
  stack: AsyncDisposableStack,
  callback: CallbackScript = {},
  changes: Partial<TrackerOptions> = {}
) => {
  const emulator = stack.use(
    await startEmulator({ submits: { kie: { callback, task: { runningFor: 300, media: ["webp"] } } } })
  )
  const folder = stack.use(newFolder())
  const port = await freePort()
  const options: TrackerOptions = {
    providers: providersOf(emulator),
    database: { sqlite: join(folder.path, "ledger.db") },
    dir: join(folder.path, "files"),
    listen: { port },
    publicUrl: `http://127.0.0.1:${port}/`,
    tokens: [
      { token: "token-to-read-only", scopes: ["read"] },
      { token, scopes: ["read", "submit", "admin"] }
    ],
    pollPolicy: PollPolicy.fixed("1 hour"),
    ...changes
  }
  return { emulator, options, folder }
}

/** Returns the queries of a task. */
const queriesOf = ({ requests }: Emulator): number =>
  requests.filter(({ path }) => path.includes("recordInfo")).length

describe("webhooks of vendors", () => {
  it("make the owner poll the task, so that its end is noticed and its output is saved at once", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, options } = await setUp(stack)
    const { url } = stack.use(await startTracker(options))
    const { submit, task } = requestsTo(url)
    const ref = await submit()
    await vi.waitFor(
      async () => expect(await task(ref)).toMatchObject({ status: "succeeded", saveState: "saved" }),
      wait
    )
    expect(emulator.callbacks()).toMatchObject([{ status: 200, attempt: 1 }])
  })

  it("make the owner poll the task if another process has received them", async () => {
    await using stack = new AsyncDisposableStack()
    const { options, folder } = await setUp(stack)
    const database = stack.use(await openDatabase({ sqlite: join(folder.path, "ledger.db") }))
    const { providers, dir, pollPolicy } = options
    const runtime = ManagedRuntime.make(
      Layer.effectDiscard(trackerParts.serve(options)).pipe(
        Layer.provide(trackerAccountsLayer(providers)),
        Layer.provide(UndiciTransport.layer),
        Layer.provide(Layer.succeed(TrackerStore, database.store))
      )
    )
    stack.defer(() => runtime.dispose())
    await runtime.runPromise(Effect.void)
    const { submit, task } = requestsTo(`http://127.0.0.1:${options.listen?.port}`)
    const webhookUrl = `http://127.0.0.1:${options.listen?.port}${kiePath}`
    stack.use(await startOwners(database.store, providers, dir, pollPolicy, webhookUrl))
    const ref = await submit()
    await vi.waitFor(async () => expect(await task(ref)).toMatchObject({ status: "succeeded" }), wait)
  })

  it("cause a bounded number of polls if they are repeated or forged", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, options } = await setUp(stack, { times: 0 })
    emulator.scriptSubmits("kie", { callback: { times: 0 }, task: { runningFor: 3_600_000 } })
    const { url } = stack.use(await startTracker(options))
    const { submit, webhookPath } = requestsTo(url)
    const ref = await submit()
    const path = String(await webhookPath(token))
    await vi.waitFor(() => expect(queriesOf(emulator)).toBeGreaterThan(0), wait)
    const send = (id: string) =>
      fetch(url + path, {
        method: "POST",
        body: JSON.stringify({ code: 200, msg: "success", data: { taskId: id, state: "success" } })
      })
    const before = queriesOf(emulator)
    for (let count = 0; count < 50; count += 1) {
      expect((await send(ref.slice(ref.indexOf(":") + 1))).status).toBe(200)
      await send(`forged-${count}`)
    }
    await vi.waitFor(() => expect(queriesOf(emulator)).toBeGreaterThan(before), wait)
    expect(queriesOf(emulator) - before).toBeLessThanOrEqual(5)
  })

  it("must be signed if there is a secret", async () => {
    await using stack = new AsyncDisposableStack()
    const webhookSecrets = { [account]: signingSecret }
    const { emulator, options } = await setUp(stack, { key: signingSecret }, { webhookSecrets })
    const { url } = stack.use(await startTracker(options))
    const { submit, webhookPath, task } = requestsTo(url)
    const ref = await submit()
    await vi.waitFor(async () => expect(await task(ref)).toMatchObject({ status: "succeeded" }), wait)
    expect(emulator.callbacks()).toMatchObject([{ status: 200 }])
    const unsigned = await fetch(url + String(await webhookPath(token)), {
      method: "POST",
      body: JSON.stringify({ code: 200, msg: "success", data: { taskId: "1", state: "success" } })
    })
    expect(unsigned.status).toBe(400)
  })

  it("have a path that only admins see, with a secret per account", async () => {
    await using stack = new AsyncDisposableStack()
    const { options } = await setUp(stack)
    const { url } = stack.use(await startTracker(options))
    const { webhookPath } = requestsTo(url)
    await vi.waitFor(async () => expect(await webhookPath(token)).toBe(kiePath), wait)
    expect(await webhookPath("token-to-read-only")).toBeNull()
    expect(await webhookPath(token, "jimmy")).toBeNull()
    const wrong = await fetch(`${url}/v1/hooks/${encodeURIComponent(account)}/wrong`, { method: "POST" })
    expect(wrong.status).toBe(404)
  })

  it("need no secret for an account whose vendor signs none", async () => {
    await using stack = new AsyncDisposableStack()
    const { options } = await setUp(stack, {}, { webhookSecrets: { jimmy: signingSecret } })
    await expect(startTracker(options)).rejects.toThrow("Invalid webhookSecrets")
  })
})
