/** Distinguishes failed connections to a proxy from failed connections to the host of a request. */
import type { Dispatcher, Pool, buildConnector } from "undici"

/** A connection to a proxy could not be established. */
export class ProxyUnreachable extends Error {
  /** The host and port of the proxy. */
  readonly host: string
  /** The code of the error of undici or Node. Empty if it has none. */
  readonly code: string

  constructor(host: string, cause: Error) {
    super(cause.message, { cause })
    this.host = host
    this.code = "code" in cause && typeof cause.code === "string" ? cause.code : ""
  }
}

/** The options that undici passes to a factory of dispatchers. */
interface FactoryOptions extends Pool.Options {
  readonly connect: buildConnector.connector
}

/** Creates the dispatchers of undici's agents for proxies. */
interface ProxyFactories {
  readonly clientFactory: (origin: URL, options: object) => Dispatcher
  readonly factory: (origin: string | URL, options: object) => Dispatcher
}

/**
 * Returns options for undici's agents for proxies. With them, requests fail with `ProxyUnreachable` if a connection to a
 * proxy fails.
 *
 * @param PoolClass The class `Pool` of the same copy of undici.
 * @param proxies The URLs of the proxies, as they are passed to undici.
 */
export const proxyFactories = (PoolClass: typeof Pool, proxies: ReadonlyArray<string>): ProxyFactories => {
  const connectTo = (proxy: URL, options: object): Dispatcher => {
    const { connect, ...rest } = options as FactoryOptions
    return new PoolClass(proxy, {
      ...rest,
      connect: (target, callback) =>
        connect(target, (...[error, socket]) =>
          error === null ? callback(error, socket) : callback(new ProxyUnreachable(proxy.host, error), null)
        )
    })
  }
  return {
    // For the tunnels of secure requests.
    clientFactory: connectTo,
    // For plain requests, which have the proxy's whole URL as their origin, and for requests without a proxy.
    factory: (origin, options) =>
      proxies.includes(String(origin)) ? connectTo(new URL(origin), options) : new PoolClass(origin, options)
  }
}
