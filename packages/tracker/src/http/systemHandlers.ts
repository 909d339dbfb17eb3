import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { TrackerStore } from "../store/TrackerStore.ts"
import { EventFeed } from "./EventFeed.ts"
import { formatMetrics } from "./metrics.ts"
import { openApiDocument } from "./openApiDocument.ts"
import { NotFound, Unavailable } from "./problems.ts"
import { readBody } from "./readJson.ts"
import { TaskActions } from "./TaskActions.ts"
import { storeProblem } from "./toProblem.ts"
import { Tokens } from "./Tokens.ts"
import { TrackerApi } from "./TrackerApi.ts"
import { VendorWebhooks } from "./VendorWebhooks.ts"

const maxWebhookBytes = 1024 * 1024

/** How often the database is checked at most, in milliseconds. */
const checkIntervalMs = 1000

/** Handles requests about the server itself, and webhooks of vendors. */
export const systemHandlers = HttpApiBuilder.group(TrackerApi, "system", (handlers) =>
  Effect.gen(function* () {
    const store = yield* TrackerStore
    // No token is needed, and each check writes to the database.
    const isWritable = yield* Effect.cachedWithTTL(
      Effect.isSuccess(Effect.timeout(store.check, 5000)),
      checkIntervalMs
    )
    return handlers
      .handle("health", () => Effect.succeed({ status: "ok" }))
      .handle("ready", () =>
        Effect.gen(function* () {
          const feed = yield* EventFeed
          if (feed.isClosed()) return yield* new Unavailable({ detail: "The tracker is stopping." })
          if (!(yield* isWritable))
            return yield* new Unavailable({ detail: "The database cannot be written." })
          return { status: "ok" }
        })
      )
      .handle("metrics", () =>
        Effect.gen(function* () {
          const accounts = yield* Effect.mapError(store.accounts, storeProblem)
          const lastSeq = yield* Effect.mapError(store.lastEventSeq, storeProblem)
          return yield* formatMetrics(accounts, lastSeq)
        })
      )
      .handle("openapi", () => Effect.sync(() => HttpServerResponse.jsonUnsafe(openApiDocument())))
      .handleRaw("vendorWebhook", ({ params, request }) =>
        Effect.gen(function* () {
          const webhooks = yield* VendorWebhooks
          const receive = webhooks.receiver(params.account, params.secret)
          if (receive === undefined) return yield* new NotFound({})
          const body = yield* readBody(request, maxWebhookBytes)
          const response = yield* receive({ url: request.url, headers: request.headers, body })
          return HttpServerResponse.text(response.body, {
            status: response.status,
            contentType: response.contentType
          })
        })
      )
  })
)

/** Handles requests about accounts. */
export const accountHandlers = HttpApiBuilder.group(TrackerApi, "accounts", (handlers) =>
  handlers.handle("list", ({ request }) =>
    Effect.gen(function* () {
      const tokens = yield* Tokens
      const webhooks = yield* VendorWebhooks
      const isAdmin = tokens.scopesOf(request.headers["authorization"])?.has("admin") === true
      const store = yield* TrackerStore
      const actions = yield* TaskActions
      const accounts = yield* Effect.mapError(store.accounts, storeProblem)
      return accounts.map((account) => ({
        account: account.account,
        epoch: account.epoch,
        owner: account.owner,
        seenMsAgo: account.seenMsAgo,
        openTasks: account.openTasks,
        dueSaves: account.dueSaves,
        webhookPath: (isAdmin ? webhooks.pathOf(account.account) : undefined) ?? null,
        ...(actions.status(account.account) ?? { budget: null, lastError: null })
      }))
    })
  )
)
