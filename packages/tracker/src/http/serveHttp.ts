/** Starts the HTTP server of the tracker. */
import type { TargetConnection } from "@gentask/core"
import type { ConfigurationError } from "@gentask/core"
import { invalidOption } from "@gentask/core/internal/engine"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import type { StoreError } from "../store/StoreError.ts"
import type { TrackerStore } from "../store/TrackerStore.ts"
import { authorizationLayer } from "./Authorization.ts"
import type { EndpointAdmin } from "./EndpointAdmin.ts"
import { endpointHandlers } from "./endpointHandlers.ts"
import { EventFeed, eventFeedLayer } from "./EventFeed.ts"
import { eventHandlers } from "./eventHandlers.ts"
import { handleRequest } from "./handleRequest.ts"
import { Settings } from "./HttpOptions.ts"
import { closeConnections, defaultLimits, gracefulMs, makeNodeServer, trackSockets } from "./nodeServer.ts"
import type { ServerLimits } from "./nodeServer.ts"
import { defaultMaxBodyBytes } from "./readJson.ts"
import { accountHandlers, systemHandlers } from "./systemHandlers.ts"
import type { TaskActions } from "./TaskActions.ts"
import { taskHandlers } from "./taskHandlers.ts"
import { Tokens, TokenTable } from "./Tokens.ts"
import type { TokenOptions } from "./Tokens.ts"
import { TrackerApi } from "./TrackerApi.ts"
import type { VendorWebhooks } from "./VendorWebhooks.ts"
import { withVideos } from "./videoRoutes.ts"

/** Options of the HTTP server. */
export interface ServeOptions {
  /** @default "127.0.0.1" */
  readonly host?: string | undefined
  /** @default a free port */
  readonly port?: number | undefined
  readonly tokens: ReadonlyArray<TokenOptions>
  /** The folder of saved files. */
  readonly dir: string
  /** Where files are saved instead. @default in the folder */
  readonly target?: TargetConnection | undefined
  /** The limit of a request's body, in bytes. @default 32 MiB */
  readonly maxBodyBytes?: number | undefined
  /** The limits of connections. */
  readonly limits?: ServerLimits | undefined
  /** How many streams of events may be open. @default 1000 */
  readonly maxStreams?: number | undefined
  /** How often an idle stream sends a comment, in milliseconds. @default 15000 */
  readonly heartbeatMs?: number | undefined
  /** For how long a submit waits for its outcome, in milliseconds. @default 30000 */
  readonly submitWaitMs?: number | undefined
  /** Whether to serve `/v1/videos` in OpenAI's format. @default false */
  readonly openaiVideos?: boolean | undefined
}

/** Refs may be long. Node limits the whole head of a request. */
const maxParamLength = 8192

const handlers = Layer.mergeAll(
  taskHandlers,
  eventHandlers,
  accountHandlers,
  endpointHandlers,
  systemHandlers
)

const routes = HttpApiBuilder.layer(TrackerApi).pipe(
  Layer.provide(handlers),
  Layer.provide(authorizationLayer)
)

/** Where to reach a server that listens on all addresses of the machine. */
const loopbackOf: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" }

const hostAndPort = (host: string, port: number): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`

const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use. Choose another one",
  EACCES: "the port is not allowed. Choose one above 1023",
  EADDRNOTAVAIL: "the host is not an address of this machine",
  ENOTFOUND: "the host is unknown"
}

/** The error of a server that cannot listen. */
const cannotListen = (host: string, port: number, { cause }: ServeError): ConfigurationError => {
  const { code = "", message = String(cause) } = cause as Partial<NodeJS.ErrnoException>
  const why = listenProblems[code] ?? message
  return invalidOption("listen", `Cannot listen on ${hostAndPort(host, port)}: ${why}.`)
}

/**
 * Starts the HTTP server. It ends with the scope: streams and long polls end first, then running requests.
 *
 * @returns The URL of the server, as this machine reaches it.
 */
export const serveHttp = (
  options: ServeOptions
): Effect.Effect<
  string,
  ConfigurationError | StoreError,
  Scope | TrackerStore | TaskActions | EndpointAdmin | VendorWebhooks
> =>
  Effect.gen(function* () {
    const { host = "127.0.0.1", port = 0 } = options
    const tokens = new TokenTable(options.tokens)
    const nodeServer = makeNodeServer(options.limits ?? defaultLimits)
    const sockets = trackSockets(nodeServer)
    const server = yield* NodeHttpServer.make(() => nodeServer, {
      host,
      port,
      gracefulShutdownTimeout: gracefulMs
    }).pipe(Effect.mapError((error) => cannotListen(host, port, error)))
    const services = yield* Layer.build(
      Layer.mergeAll(
        eventFeedLayer,
        NodeHttpServer.layerHttpServices,
        Layer.succeed(Tokens, tokens),
        Layer.succeed(HttpRouter.RouterConfig, { maxParamLength, ignoreDuplicateSlashes: false }),
        Layer.succeed(Settings, {
          dir: options.dir,
          target: options.target,
          maxBodyBytes: options.maxBodyBytes ?? defaultMaxBodyBytes,
          maxStreams: options.maxStreams ?? 1000,
          heartbeatMs: options.heartbeatMs ?? 15_000,
          submitWaitMs: options.submitWaitMs ?? 30_000
        })
      )
    )
    const app = yield* HttpRouter.toHttpEffect(routes).pipe(Effect.provide(services))
    const all = options.openaiVideos === true ? withVideos(app, tokens) : app
    yield* HttpServer.serveEffect(handleRequest(all, tokens)).pipe(
      Effect.provideService(HttpServer.HttpServer, server),
      Effect.provide(services)
    )
    const feed = Context.get(services, EventFeed)
    yield* Effect.addFinalizer(() =>
      Effect.andThen(
        feed.close,
        Effect.sync(() => closeConnections(nodeServer, sockets))
      )
    )
    const { address } = server
    return `http://${hostAndPort(loopbackOf[host] ?? host, "port" in address ? address.port : port)}`
  })
