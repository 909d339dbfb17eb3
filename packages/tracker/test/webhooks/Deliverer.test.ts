import * as Effect from "effect/Effect"
import { Webhook } from "standardwebhooks"
import { expect, it, vi } from "vitest"
import { maxAttempts } from "../../src/webhooks/retryDelay.ts"
import { MemoryDeliveries } from "../support/memoryDeliveries.ts"
import { runWebhooks } from "../support/runWebhooks.ts"
import { startReceiver } from "../support/webhookReceiver.ts"
import type { ReceivedMessage } from "../support/webhookReceiver.ts"

const headersOf = ({ headers }: ReceivedMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

const first = <A>(list: ReadonlyArray<A>): A => {
  const [item] = list
  if (item === undefined) throw new Error("The list is empty.")
  return item
}

it("signs messages that the package standardwebhooks verifies, with both secrets during a rotation", async () => {
  await using receiver = await startReceiver()
  const store = new MemoryDeliveries()
  const secrets = await runWebhooks(store, ({ endpoints, deliverer }) =>
    Effect.gen(function* () {
      const { id, secrets } = yield* endpoints.create({ url: `${receiver.url}/hook`, events: [] })
      const rotated = yield* endpoints.rotate(id)
      store.add({ id: "sora:gpt-4.1:a/succeeded", ref: "sora:gpt-4.1:a", body: { status: "succeeded" } })
      expect(yield* deliverer.deliverDue("sora")).toBe(1)
      yield* deliverer.idle
      expect(rotated?.secrets.slice(1)).toEqual(secrets)
      return rotated?.secrets ?? []
    })
  )
  const message = first(receiver.messages)
  expect(message).toMatchObject({ path: "/hook", headers: { "content-type": "application/json" } })
  for (const secret of secrets)
    expect(new Webhook(secret).verify(message.body, headersOf(message))).toEqual({
      type: "task.ended",
      timestamp: "1970-01-01T00:00:00.000Z",
      id: "sora:gpt-4.1:a/succeeded",
      ref: "sora:gpt-4.1:a",
      data: { status: "succeeded" }
    })
  expect(() =>
    new Webhook(first(secrets)).verify(message.body.replace("succeeded", "failed"), headersOf(message))
  ).toThrow("No matching signature")
  expect(store.deliveries).toMatchObject([{ state: "delivered" }])
})

it("signs with the two latest secrets only, and reports the result of a test", async () => {
  await using receiver = await startReceiver()
  const store = new MemoryDeliveries()
  await runWebhooks(store, ({ endpoints }) =>
    Effect.gen(function* () {
      const { id } = yield* endpoints.create({ url: receiver.url, events: [] })
      for (const _ of [1, 2, 3]) yield* endpoints.rotate(id)
      expect(yield* endpoints.test(id)).toEqual({ isDelivered: true, status: 204, error: null })
    })
  )
  const message = first(receiver.messages)
  expect(message.headers["webhook-signature"]).toMatch(/^v1,[\w+/]+= v1,[\w+/]+=$/)
  expect(JSON.parse(message.body)).toMatchObject({ type: "test", ref: null })
})

it("sends the same id and body at each attempt, and gives up after 8 attempts until a replay", async () => {
  let status = 503
  await using receiver = await startReceiver((response) => response.writeHead(status).end("no"))
  const store = new MemoryDeliveries()
  await runWebhooks(store, ({ endpoints, deliverer }) =>
    Effect.gen(function* () {
      const { id } = yield* endpoints.create({ url: receiver.url, events: [] })
      store.add({ id: "jimmy:1/failed", ref: "jimmy:1" })
      const delays: Array<number | undefined> = []
      for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
        store.makeDue()
        yield* deliverer.deliverDue("jimmy")
        yield* deliverer.idle
        delays.push(first(store.deliveries).retryInMs)
      }
      expect(delays.at(-1)).toBeUndefined()
      const total = delays.slice(0, -1).reduce<number>((sum, delay = 0) => sum + delay, 0)
      expect(total / 3_600_000).toBeGreaterThan(20)
      expect(total / 3_600_000).toBeLessThan(27)
      expect(store.deliveries).toMatchObject([
        { state: "dead", attempts: 8, lastError: "The endpoint returned HTTP 503." }
      ])
      status = 200
      expect(yield* endpoints.replay(id)).toBe(1)
      yield* deliverer.deliverDue("jimmy")
      yield* deliverer.idle
    })
  )
  expect(store.deliveries).toMatchObject([{ state: "delivered" }])
  expect(receiver.messages).toHaveLength(9)
  expect(new Set(receiver.messages.map(({ body }) => body)).size).toBe(1)
  expect(new Set(receiver.messages.map(({ headers }) => headers["webhook-id"])).size).toBe(1)
})

it("follows no redirects, reads no long responses to their end, and disables an endpoint that returns 410", async () => {
  await using receiver = await startReceiver((response, { path }) => {
    if (path === "/redirect") response.writeHead(307, { location: "/other" }).end()
    else if (path === "/gone") response.writeHead(410).end()
    // The response never ends.
    else response.writeHead(200).write("x".repeat(100_000))
  })
  const store = new MemoryDeliveries()
  await runWebhooks(store, ({ endpoints, deliverer }) =>
    Effect.gen(function* () {
      for (const path of ["/redirect", "/gone", "/long"])
        yield* endpoints.create({ url: `${receiver.url}${path}`, events: [] })
      store.add({ id: "jimmy:1/succeeded", ref: "jimmy:1" })
      yield* deliverer.deliverDue("jimmy")
      yield* deliverer.idle
      expect((yield* endpoints.list).map(({ isEnabled }) => isEnabled)).toEqual([true, false, true])
    })
  )
  expect(store.deliveries).toMatchObject([
    { state: "waiting", lastError: "The endpoint returned HTTP 307. Redirects are not followed." },
    { state: "dead", lastError: "The endpoint returned HTTP 410." },
    { state: "delivered" }
  ])
  expect(receiver.messages).toHaveLength(3)
})

it("finishes the attempts under way when it stops", async () => {
  await using receiver = await startReceiver((response) => {
    setTimeout(() => response.writeHead(204).end(), 100)
  })
  const store = new MemoryDeliveries()
  await runWebhooks(store, ({ endpoints, deliverer }) =>
    Effect.gen(function* () {
      yield* endpoints.create({ url: receiver.url, events: [] })
      store.add({ id: "jimmy:1/succeeded", ref: "jimmy:1" })
      yield* deliverer.deliverDue("jimmy")
      yield* Effect.promise(() => vi.waitFor(() => expect(receiver.messages).toHaveLength(1), 15_000))
    })
  )
  expect(store.deliveries).toMatchObject([{ state: "delivered" }])
})

it("delivers to an endpoint while another one does not respond", async () => {
  await using dead = await startReceiver(() => undefined)
  await using healthy = await startReceiver()
  const store = new MemoryDeliveries()
  await runWebhooks(store, ({ endpoints, deliverer }) =>
    Effect.gen(function* () {
      yield* endpoints.create({ url: dead.url, events: [] })
      for (let n = 0; n < 100; n += 1) store.add({ id: `jimmy:${n}/failed`, ref: `jimmy:${n}` })
      const { id } = yield* endpoints.create({ url: healthy.url, events: [] })
      for (let n = 100; n < 200; n += 1) store.add({ id: `jimmy:${n}/failed`, ref: `jimmy:${n}` })
      yield* deliverer.deliverDue("jimmy")
      yield* deliverer.deliverDue("jimmy")
      // Further deliveries to the healthy endpoint are taken without a call.
      yield* Effect.promise(() => vi.waitFor(() => expect(healthy.messages).toHaveLength(100), 10_000))
      expect(dead.messages).toHaveLength(8)
      expect(store.deliveries.filter(({ endpointId }) => endpointId === id)).toHaveLength(100)
    })
  )
})
