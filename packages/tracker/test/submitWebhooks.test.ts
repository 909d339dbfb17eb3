/** The option `webhookUrl` of a submit, with a tracker, an emulator and a receiver on real sockets. */
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { Webhook } from "standardwebhooks"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { createTrackerClient, TrackerError, webhookSecretOf } from "../src/client/index.ts"
import { startTracker } from "../src/startTracker.ts"
import type { Tracker } from "../src/TrackerOptions.ts"
import { startReceiver } from "./support/webhookReceiver.ts"
import type { ReceivedMessage, WebhookReceiver } from "./support/webhookReceiver.ts"

const token = "token-of-the-tests"
const otherToken = "another-token-of-the-tests"

const stack = new AsyncDisposableStack()
let emulator: Awaited<ReturnType<typeof startEmulator>>
let receiver: WebhookReceiver
let respond: Parameters<typeof startReceiver>[0]
let folder: string
let tracker: Tracker
let client: ReturnType<typeof createTrackerClient>

const start = async (allowPrivateWebhooks: boolean): Promise<void> => {
  tracker = await startTracker({
    providers: [jimmy({ apiKey: emulator.apiKey, baseUrl: emulator.url })],
    database: { sqlite: join(folder, "ledger.db") },
    dir: join(folder, "files"),
    tokens: [
      { token, scopes: ["read", "submit", "admin"] },
      { token: otherToken, scopes: ["submit"] }
    ],
    allowPrivateWebhooks,
    pollPolicy: PollPolicy.fixed(50)
  })
  client = createTrackerClient({ url: tracker.url, token })
}

beforeAll(async () => {
  emulator = stack.use(await startEmulator())
  receiver = stack.use(await startReceiver((response, message) => respond?.(response, message)))
  folder = stack.use(await temporaryFolder()).path
  await start(true)
  stack.defer(() => tracker.close())
})
afterAll(() => stack.disposeAsync())

const noContent: typeof respond = (response) => response.writeHead(204).end()
const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox" }

const messagesAt = (path: string): ReadonlyArray<ReceivedMessage> =>
  receiver.messages.filter((message) => message.path === path)

const verify = ({ body, headers }: ReceivedMessage, secret: string): unknown =>
  new Webhook(secret).verify(
    body,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
  )

const errorOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error
  )

it("sends the end and the save of the task, signed with the secret of the token", async () => {
  respond = noContent
  const webhookUrl = `${receiver.url}/signed?order=7`
  const { id, refs } = await client.submit(request, { webhookUrl })
  await client.submit(request)
  await vi.waitFor(() => expect(messagesAt("/signed?order=7")).toHaveLength(2), 10_000)
  const events = messagesAt("/signed?order=7").map((message) => verify(message, webhookSecretOf(token)))
  expect(events).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: "task.ended", ref: refs[0] }) as unknown,
      expect.objectContaining({ type: "task.saved", ref: refs[0] }) as unknown
    ])
  )
  const [first] = messagesAt("/signed?order=7")
  expect(() => first && verify(first, webhookSecretOf(otherToken))).toThrow("No matching signature")
  expect(receiver.messages).toHaveLength(2)
  expect(await client.endpoints.list()).toEqual([])
  expect(await client.endpoints.get(`we_${id}`)).toMatchObject({ url: webhookUrl, isEnabled: true })
})

it("refuses another URL for the same idempotency key, and keeps the first one", async () => {
  respond = noContent
  const idempotencyKey = "one-url"
  const webhookUrl = `${receiver.url}/first`
  const { refs } = await client.submit(request, { idempotencyKey, webhookUrl })
  for (const other of [`${receiver.url}/second`, undefined])
    expect(String(await errorOf(client.submit(request, { idempotencyKey, webhookUrl: other })))).toContain(
      "Use another Idempotency-Key"
    )
  const repeated = await createTrackerClient({ url: tracker.url, token: otherToken }).submit(request, {
    idempotencyKey,
    webhookUrl
  })
  expect(repeated).toMatchObject({ refs, isReplay: true })
  await vi.waitFor(() => expect(messagesAt("/first")).toHaveLength(2), 10_000)
  for (const message of messagesAt("/first")) verify(message, webhookSecretOf(token))
  expect(messagesAt("/second")).toEqual([])
})

it("sends what a tracker that has stopped had not sent", async () => {
  respond = noContent
  emulator.scriptSubmits("jimmy", { task: { runningFor: 500 } })
  const { refs } = await client.submit(request, { webhookUrl: `${receiver.url}/restart` })
  await tracker.close()
  expect(messagesAt("/restart")).toEqual([])
  await start(true)
  await vi.waitFor(() => expect(messagesAt("/restart")).toHaveLength(2), 10_000)
  expect(JSON.parse(messagesAt("/restart")[0]?.body ?? "")).toMatchObject({ ref: refs[0] })
  emulator.scriptSubmits("jimmy", { task: {} })
})

it("does not follow a redirect, and sends nothing more after HTTP 410", async () => {
  respond = (response, { path }) =>
    path === "/moved"
      ? response.writeHead(307, { location: `${receiver.url}/target` }).end()
      : response.writeHead(410).end()
  await client.submit(request, { webhookUrl: `${receiver.url}/moved` })
  const gone = await client.submit(request, { webhookUrl: `${receiver.url}/gone` })
  await vi.waitFor(async () => {
    expect(messagesAt("/moved")).toHaveLength(2)
    expect(await client.endpoints.get(`we_${gone.id}`)).toMatchObject({ isEnabled: false })
  }, 10_000)
  expect(messagesAt("/target")).toEqual([])
})

it("sends nothing to addresses that are not allowed, and no task is created", async () => {
  await tracker.close()
  await start(false)
  emulator.clearRequests()
  for (const [webhookUrl, problem] of [
    [`${receiver.url}/private`, "it is not an https URL"],
    ["https://127.0.0.1/hook", "its host is this machine"],
    ["https://169.254.169.254/latest", "its host is not on the public internet"],
    ["https://[fd00::1]/hook", "its host is not on the public internet"],
    ["https://user:password@example.com/", "it contains a user name or a password"],
    ["ftp://example.com/", "it is not an http or https URL"],
    ["/relative", "it is not an absolute URL"],
    [`https://example.com/${"é".repeat(1000)}`, "it is longer than 2048 characters"]
  ] as const) {
    const error = await errorOf(client.submit(request, { webhookUrl }))
    expect(error).toBeInstanceOf(TrackerError)
    expect(String(error)).toContain(problem)
    expect(String(error)).not.toContain("password@")
  }
  const tooLong = await errorOf(
    client.submit(request, { webhookUrl: `https://example.com/${"a".repeat(2048)}` })
  )
  expect(tooLong).toMatchObject({ reason: "InvalidInput" })
  expect(emulator.posts()).toEqual([])
})
