import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ConfigurationError, TaskRef } from "@gentask/core"
import type { InvalidTaskRef } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { EndpointAdmin } from "../../src/http/EndpointAdmin.ts"
import { serveHttp } from "../../src/http/serveHttp.ts"
import type { ServeOptions } from "../../src/http/serveHttp.ts"
import { TaskActions } from "../../src/http/TaskActions.ts"
import type { TaskActionsService } from "../../src/http/TaskActions.ts"
import { VendorWebhooks } from "../../src/http/VendorWebhooks.ts"
import type { VendorRequest } from "../../src/http/VendorWebhooks.ts"
import { TrackerStore } from "../../src/store/TrackerStore.ts"
import type { TrackerStoreService, WebhookEndpoint } from "../../src/store/TrackerStore.ts"
import { httpStore } from "./httpStore.ts"
import type { HttpStore } from "./httpStore.ts"

export const tokens = {
  all: "token-with-all-scopes",
  read: "token-to-read-only",
  submit: "token-to-submit-only",
  admin: "token-to-manage-only"
}

const accounts = new Set(["jimmy", "jimeng", "acme"])

const unknownAccount = (account: string) =>
  new ConfigurationError({
    reason: { _tag: "UnknownAccount", provider: account, account: "default", known: [...accounts] },
    message: `Unknown account ${account}.`
  })

type Resolved = ReturnType<TaskActionsService["resolveRef"]>

const resolveRef = (ref: string) =>
  Effect.suspend((): Resolved => {
    try {
      const parsed = TaskRef.parse(ref)
      return accounts.has(parsed.provider)
        ? Effect.succeed({ ref: TaskRef.format(parsed), account: parsed.provider })
        : Effect.fail(unknownAccount(parsed.provider))
    } catch (error) {
      return Effect.fail(error as InvalidTaskRef)
    }
  })

const actions = TaskActions.of({
  resolveRef,
  resolveAccount: (account) =>
    accounts.has(account) ? Effect.succeed(account) : Effect.fail(unknownAccount(account)),
  cancel: (ref) =>
    Effect.map(resolveRef(ref), (resolved) => ({ ref: resolved.ref, result: "canceled", message: null })),
  status: () => ({
    budget: { limit: 60, windowMs: 60_000, spent: 3, pausedForMs: 0 },
    lastError: null
  })
})

const endpointAdmin = (store: TrackerStoreService) => {
  const find = (id: string) =>
    Effect.map(store.endpoints, (all) => all.find((endpoint) => endpoint.id === id))
  const put = (endpoint: WebhookEndpoint) => Effect.as(store.putEndpoint(endpoint), endpoint)
  const change = (id: string, changes: Partial<WebhookEndpoint>) =>
    Effect.flatMap(find(id), (known) =>
      known === undefined ? Effect.succeed(undefined) : put({ ...known, ...changes })
    )
  return EndpointAdmin.of({
    list: store.endpoints,
    get: store.endpoint,
    checkUrl: (url) =>
      url.includes("10.0.0.1")
        ? Effect.fail({ _tag: "InvalidEndpoint", field: "url", message: "The address is private." } as const)
        : Effect.succeed(new URL(url).href),
    create: ({ url, events }) =>
      url.includes("10.0.0.1")
        ? Effect.fail({ _tag: "InvalidEndpoint", field: "url", message: "The address is private." } as const)
        : put({ id: "ep_1", url, events, secrets: ["whsec_first"], isEnabled: true, createdAt: new Date() }),
    update: (id, changes) => change(id, JSON.parse(JSON.stringify(changes)) as Partial<WebhookEndpoint>),
    rotate: (id) => change(id, { secrets: ["whsec_second", "whsec_first"] }),
    remove: store.deleteEndpoint,
    test: (id) => Effect.map(find(id), (known) => known && { isDelivered: true, status: 204, error: null }),
    replay: (id) =>
      Effect.flatMap(find(id), (known) => (known ? store.replay(id) : Effect.succeed(undefined)))
  })
}

/** A server over a store in memory, on a real socket. */
export interface TestServer<Store extends TrackerStoreService = HttpStore> {
  readonly url: string
  readonly store: Store
  readonly dir: string
  readonly received: Array<VendorRequest>
  /** Sends a request with the token for everything. */
  readonly request: (
    path: string,
    options?: RequestInit & { readonly token?: string | null }
  ) => Promise<Response>
  readonly close: () => Promise<void>
}

/** Starts a server over a store in memory. */
export const startServer = (options: Partial<ServeOptions> = {}): Promise<TestServer> =>
  startServerOver(httpStore(), options)

/** Starts a server over a store. */
export const startServerOver = async <Store extends TrackerStoreService>(
  store: Store,
  options: Partial<ServeOptions> = {}
): Promise<TestServer<Store>> => {
  const dir = await mkdtemp(join(tmpdir(), "gentask-http-"))
  const received: Array<VendorRequest> = []
  const services = Layer.mergeAll(
    Layer.succeed(TrackerStore, store),
    Layer.succeed(TaskActions, actions),
    Layer.succeed(EndpointAdmin, endpointAdmin(store)),
    Layer.succeed(VendorWebhooks, {
      pathOf: (account) => (account === "jimmy" ? "/v1/hooks/jimmy/hook-secret" : undefined),
      receiver: (account, secret) =>
        account !== "jimmy" || secret !== "hook-secret"
          ? undefined
          : (request) => {
              received.push(request)
              return Effect.succeed({ status: 200, body: "ok", contentType: "text/plain" })
            }
    })
  )
  const scope = await Effect.runPromise(Scope.make())
  const serve = serveHttp({
    dir,
    tokens: [
      { token: tokens.all, scopes: ["read", "submit", "admin"] },
      { token: tokens.read, scopes: ["read"] },
      { token: tokens.submit, scopes: ["submit"] },
      { token: tokens.admin, scopes: ["admin"] }
    ],
    ...options
  })
  const url = await Effect.runPromise(serve.pipe(Effect.provide(services), Scope.provide(scope)))
  return {
    url,
    store,
    dir,
    received,
    request: (path, { token = tokens.all, headers, ...init } = {}) =>
      fetch(url + path, {
        ...init,
        headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(headers as object) }
      }),
    close: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await rm(dir, { recursive: true, force: true })
    }
  }
}
