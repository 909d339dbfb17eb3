/** The default transport, on undici. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Agent, Dispatcher } from "undici"
import { openDownload } from "./openDownload.ts"
import { parseProxyUrl } from "./parseProxyUrl.ts"
import { privateHostReason } from "./privateHostReason.ts"
import { proxyFactories } from "./ProxyUnreachable.ts"
import { publicLookup } from "./publicLookup.ts"
import type { RequestDispatcher, Route } from "./Route.ts"
import { sendRequest } from "./sendRequest.ts"
import { Transport } from "./Transport.ts"

/** Time to establish a connection, in milliseconds. */
const connectTimeoutMs = 10_000

/** Connections per origin, and idle time of a connection in milliseconds. */
const agentOptions = { connections: 128, keepAliveTimeout: 10_000, connectTimeout: connectTimeoutMs } as const

type ConnectOptions = NonNullable<Agent.Options["connect"]>

/** The routes of a transport. Links to files are opened through `publicOnly` unless they may be private. */
interface Routes {
  readonly trusted: Route
  readonly publicOnly: Route
}

/** Loads undici, which takes longer than loading the rest of gentask. */
const load = async () => {
  // The default export, since a bundled CommonJS module has no other one.
  const [{ default: undici }, dns] = await Promise.all([import("undici"), import("node:dns")])
  return { undici, lookup: publicLookup(dns.lookup) }
}

type Loaded = Awaited<ReturnType<typeof load>>

const makeTransport = (makeRoutes: (loaded: Loaded) => Effect.Effect<Routes, never, Scope.Scope>) =>
  Layer.effect(
    Transport,
    Effect.gen(function* () {
      const loaded = yield* Effect.promise(load)
      const { trusted, publicOnly } = yield* makeRoutes(loaded)
      return Transport.of({
        send: (request, limits, options = {}) => {
          const allowPrivate = options.allowPrivate ?? true
          const privateHost = privateHostReason({ url: request.url, allowPrivate })
          if (privateHost !== undefined) return Effect.fail({ ...privateHost, delivery: "not-sent" })
          return sendRequest(allowPrivate ? trusted : publicOnly, request, limits, options)
        },
        open: (request) => {
          const privateHost = privateHostReason(request)
          if (privateHost !== undefined) return Effect.fail(privateHost)
          const route = request.allowPrivate ? trusted : publicOnly
          const opened = openDownload(route, request)
          return Effect.acquireRelease(opened, ({ close }) => Effect.sync(close), { interruptible: true })
        }
      })
    })
  )

/** A route through an agent of gentask's own, which is closed with the scope. */
const ownRoute = (makeAgent: () => Dispatcher, isProxied: boolean) =>
  Effect.map(
    Effect.acquireRelease(Effect.sync(makeAgent), (agent) => Effect.promise(() => agent.destroy())),
    (dispatcher): Route => ({ dispatcher, isProxied, own: { makeAgent } })
  )

/** Routes through two agents. The second one refuses hosts that resolve to private addresses. */
const ownRoutes = (
  { lookup }: Loaded,
  isProxied: boolean,
  makeAgent: (connect: ConnectOptions) => Dispatcher
): Effect.Effect<Routes, never, Scope.Scope> =>
  Effect.all({
    trusted: ownRoute(() => makeAgent({ timeout: connectTimeoutMs }), isProxied),
    publicOnly: ownRoute(() => makeAgent({ timeout: connectTimeoutMs, lookup }), isProxied)
  })

/**
 * The transport on undici. Its connections are closed with the layer. Links to files are opened through an agent of their
 * own, which refuses hosts that resolve to private addresses.
 */
export const layer: Layer.Layer<Transport> = makeTransport((loaded) =>
  ownRoutes(loaded, false, (connect) => new loaded.undici.Agent({ ...agentOptions, connect }))
)

/** What requests are sent through. */
export type UndiciTransportOptions =
  /** The http or https URL of a proxy. It may contain a user name and a password, which errors never show. */
  | { readonly proxy: string | URL }
  /** A dispatcher of undici, such as an `Agent` or a `MockAgent`. It is not closed with the layer. */
  | { readonly dispatcher: RequestDispatcher }

/** Parses the URL of a proxy. The error does not contain the URL, which may contain a password. */
const requireProxyUrl = (name: string, input: string | URL): URL => {
  const url = parseProxyUrl(input)
  if (url !== undefined) return url
  throw new TypeError(`Invalid ${name}: expected an http or https URL, such as http://proxy.example:8080.`)
}

/**
 * The transport on undici, through a proxy or a dispatcher.
 *
 * ```ts
 * Tasks.layer({ providers, transport: UndiciTransport.layerWith({ proxy: "http://proxy.example:8080" }) })
 * ```
 *
 * Names are then resolved by the proxy or the dispatcher. So links to files are refused if their host is a private IP
 * address, but not if it is a name that resolves to one: that is for the proxy to refuse.
 *
 * @throws {TypeError} If the proxy is not an http or https URL.
 */
export const layerWith = (options: UndiciTransportOptions): Layer.Layer<Transport> => {
  if ("dispatcher" in options) {
    const route = { dispatcher: options.dispatcher, isProxied: false, own: undefined }
    return makeTransport(() => Effect.succeed({ trusted: route, publicOnly: route }))
  }
  const uri = requireProxyUrl("proxy", options.proxy).href
  return makeTransport(({ undici: { Pool, ProxyAgent } }) => {
    const options = { ...agentOptions, ...proxyFactories(Pool, [uri]), uri }
    return Effect.map(
      ownRoute(() => new ProxyAgent(options), true),
      (route) => ({ trusted: route, publicOnly: route })
    )
  })
}

/** Reads a variable in lower or upper case. Blank values count as unset. */
const readVariable = (env: Readonly<Record<string, string | undefined>>, name: string): string =>
  [env[name.toLowerCase()], env[name]].find((value) => value !== undefined && value.trim() !== "") ?? ""

/**
 * The transport on undici, through the proxies that environment variables name: `HTTPS_PROXY` and `HTTP_PROXY` for URLs
 * of these schemes, except for the hosts in `NO_PROXY`. The names may be in lower case, which has precedence. Without
 * `HTTPS_PROXY`, `HTTP_PROXY` is for both.
 *
 * `NO_PROXY` lists hosts, separated by commas: `example.com` and `.example.com` include subdomains, `*.example.com` is
 * for subdomains only, `example.com:8080` is for one port, and `*` is for all hosts.
 *
 * Links to files are checked as by `layer` if no proxy is used for their host, and otherwise as by `layerWith`.
 *
 * @param env The environment variables, such as `process.env`.
 * @throws {TypeError} If a proxy is not an http or https URL.
 */
export const layerFromEnvironment = (
  env: Readonly<Record<string, string | undefined>>
): Layer.Layer<Transport> => {
  const proxyOf = (name: string): string => {
    const value = readVariable(env, name)
    return value === "" ? "" : requireProxyUrl(name, value).href
  }
  const options = {
    ...agentOptions,
    httpProxy: proxyOf("HTTP_PROXY"),
    httpsProxy: proxyOf("HTTPS_PROXY"),
    noProxy: readVariable(env, "NO_PROXY")
  }
  if (options.httpProxy === "" && options.httpsProxy === "") return layer
  return makeTransport((loaded) => {
    const { EnvHttpProxyAgent, Pool } = loaded.undici
    const factories = proxyFactories(Pool, [options.httpProxy, options.httpsProxy])
    return ownRoutes(loaded, true, (connect) => new EnvHttpProxyAgent({ ...options, ...factories, connect }))
  })
}
