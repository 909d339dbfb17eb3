import type { Dispatcher } from "undici"

/**
 * Sends requests, as undici's `Dispatcher` does. Of undici itself, version 7 or later is needed.
 *
 * The type has only what gentask uses, so that dispatchers of other versions of undici are compatible with it.
 */
export interface RequestDispatcher {
  /** Sends a request and passes the response to the handler's callbacks. */
  // A method, whose parameters TypeScript compares less strictly: they differ between the versions of undici.
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean
}

/**
 * A route through gentask's own agents: nothing else refers to the chunks that they deliver, and they call
 * `onRequestStart` immediately before they write a request.
 */
interface OwnRoute {
  /** Creates an agent for a single request. The caller must destroy it. */
  readonly makeAgent: () => Dispatcher
}

/** The way that requests take. */
export interface Route {
  readonly dispatcher: RequestDispatcher
  /** Whether requests may go through a proxy, so that errors may be those of the proxy. */
  readonly isProxied: boolean
  /** The functions of a route through gentask's own agents. Undefined for the dispatcher of a caller. */
  readonly own: OwnRoute | undefined
}
