/** A task whose vendor returns the result of a submit at once, in a whole tracker. */
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { accepted, configureAccount } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core/provider"
import { startEmulator } from "@gentask/emulator"
import jimmySpec from "@gentask/provider-jimmy"
import { startTracker } from "@gentask/tracker"
import { expect, it, vi } from "vitest"
import { newFolder } from "./support/folders.ts"
import { startReceiver } from "./support/webhookReceiver.ts"

const wait = { timeout: 20_000, interval: 20 }
const token = "token-of-the-tests"

/** Jimmy, as if the response to a submit contained a link. */
const vendorWith = (url: string): ProviderSpec => {
  const { submit, query, ...spec }: ProviderSpec = jimmySpec
  if (submit === undefined) throw new Error("The vendor cannot submit.")
  return {
    ...spec,
    query: { ...query, completesOnSubmit: () => true },
    submit: {
      ...submit,
      decode: (_body, _head, { idempotencyKey }) =>
        accepted({ id: idempotencyKey }, { status: "succeeded", outputs: [{ kind: "image", url }] })
    }
  }
}

it("saves a task that ended when it was submitted, calls the webhooks, and never polls", async () => {
  await using stack = new AsyncDisposableStack()
  const emulator = stack.use(await startEmulator())
  const { id } = emulator.addTask({ vendor: "jimmy" })
  const source = await fetch(`${emulator.url}/api/open-api/v1/images/${id}`, {
    headers: { authorization: `Bearer ${emulator.apiKey}` }
  })
  const { data } = (await source.json()) as {
    readonly data: { readonly result: { readonly image_url: string } }
  }
  emulator.clearRequests()
  const folder = stack.use(newFolder())
  const tracker = stack.use(
    await startTracker({
      providers: [
        configureAccount(vendorWith(data.result.image_url), {
          apiKey: emulator.apiKey,
          baseUrl: emulator.url
        })
      ],
      database: { sqlite: join(folder.path, "ledger.db") },
      dir: join(folder.path, "files"),
      tokens: [{ token, scopes: ["read", "submit", "admin"] }],
      allowPrivateWebhooks: true,
      pollPolicy: PollPolicy.fixed(20)
    })
  )
  const request = async (method: string, route: string, body?: unknown) => {
    const response = await fetch(tracker.url + route, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const receiver = stack.use(await startReceiver())
  await request("POST", "/v1/webhook-endpoints", { url: `${receiver.url}/hook`, events: [] })
  const submit = await request("POST", "/v1/tasks", {
    account: "jimmy",
    model: "gpt-image-2",
    prompt: "A fox"
  })
  expect(submit).toMatchObject({ status: 202, body: { state: "accepted" } })
  const [ref = ""] = submit.body["refs"] as ReadonlyArray<string>
  await vi.waitFor(async () => {
    const { body } = await request("GET", `/v1/tasks/${encodeURIComponent(ref)}`)
    expect(body).toMatchObject({ status: "succeeded", saveState: "saved", prompt: "A fox" })
  }, wait)
  await vi.waitFor(() => {
    const types = receiver.messages.map(({ body }) => (JSON.parse(body) as { readonly type: string }).type)
    expect(types).toEqual(expect.arrayContaining(["task.added", "task.ended", "task.saved"]))
  }, wait)
  const purposes = emulator.requests.map(({ purpose }) => purpose)
  expect(purposes.filter((purpose) => purpose === "submit")).toHaveLength(1)
  expect(purposes).not.toContain("query")
})
