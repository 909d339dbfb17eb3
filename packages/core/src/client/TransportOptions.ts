import type * as Layer from "effect/Layer"
import * as FetchTransport from "../http/FetchTransport.ts"
import { parseProxyUrl } from "../http/parseProxyUrl.ts"
import type { RequestDispatcher } from "../http/Route.ts"
import type { Transport } from "../http/Transport.ts"
import * as UndiciTransport from "../http/UndiciTransport.ts"
import { invalidOption } from "../account/invalidOption.ts"

/**
 * What requests and downloads are sent through. At most one of the options may be set.
 *
 * With each of them, names are resolved elsewhere. So links to files are refused if their host is a private IP address,
 * but not if it is a name that resolves to one.
 */
export interface TransportOptions {
  /**
   * The http or https URL of a proxy, such as `http://user:password@proxy.example:8080`. Errors contain no
   * more of it than the host.
   *
   * @default no proxy. Environment variables are not read.
   */
  readonly proxy?: string | URL | undefined
  /** A dispatcher of undici 7 or later, such as an `Agent`. It remains open when the client is closed. */
  readonly dispatcher?: RequestDispatcher | undefined
  /** A function like `globalThis.fetch`, for runtimes in which undici does not work. It must return redirects. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Returns the transport of a client.
 *
 * @throws {ConfigurationError} If an option is invalid, or more than one is set.
 */
export const transportOf = ({ proxy, dispatcher, fetch }: TransportOptions): Layer.Layer<Transport> => {
  const [name, second] = Object.entries({ proxy, dispatcher, fetch }).flatMap(([name, value]) =>
    value === undefined ? [] : [name]
  )
  if (name !== undefined && second !== undefined) {
    throw invalidOption(second, `The options ${name} and ${second} exclude each other. Set one of them.`)
  }
  if (proxy !== undefined) {
    if (parseProxyUrl(proxy) !== undefined) return UndiciTransport.layerWith({ proxy })
    throw invalidOption(
      "proxy",
      "Invalid proxy: expected an http or https URL, such as http://proxy.example:8080."
    )
  }
  if (dispatcher !== undefined) {
    if (typeof (dispatcher as Partial<RequestDispatcher> | null)?.dispatch !== "function") {
      throw invalidOption(
        "dispatcher",
        "Invalid dispatcher: expected a dispatcher of undici, such as an Agent."
      )
    }
    return UndiciTransport.layerWith({ dispatcher })
  }
  if (fetch === undefined) return UndiciTransport.layer
  if (typeof fetch !== "function") {
    throw invalidOption("fetch", "Invalid fetch: expected a function like globalThis.fetch.")
  }
  return FetchTransport.layer(fetch)
}
