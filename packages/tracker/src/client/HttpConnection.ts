import { apiVersion, apiVersionHeader } from "../api/ProblemJson.ts"
import type { ProblemJson } from "../api/ProblemJson.ts"
import { TrackerError } from "./TrackerError.ts"

/** Options of `createTrackerClient`. */
export interface TrackerClientOptions {
  /** The URL of the tracker, such as `http://127.0.0.1:4370`. */
  readonly url: string | URL
  /** A token of the tracker. */
  readonly token: string
  /** Sends requests. @default the global fetch */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The time limit of a request, in milliseconds, besides the time that it waits. @default 30000 */
  readonly timeoutMs?: number | undefined
}

/** A request. */
export interface ConnectionRequest {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE" | undefined
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  /** The time limit in milliseconds. Null for streams. */
  readonly timeoutMs?: number | null | undefined
}

const isProblem = (value: unknown): value is ProblemJson =>
  typeof value === "object" &&
  value !== null &&
  "type" in value &&
  typeof value.type === "string" &&
  "status" in value

const codeOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message
  return String(cause)
}

/** Sends requests to a tracker. */
export class HttpConnection {
  readonly #base: URL
  readonly #token: string
  readonly #fetch: typeof globalThis.fetch
  readonly #timeoutMs: number

  constructor({ url, token, fetch = globalThis.fetch, timeoutMs = 30_000 }: TrackerClientOptions) {
    this.#base = new URL(url)
    if (this.#base.protocol !== "http:" && this.#base.protocol !== "https:")
      throw new TypeError(`Invalid URL of a tracker "${this.#base.href}": expected http or https.`)
    if (!/^[!-~]+$/.test(token)) throw new TypeError("Invalid token: expected visible ASCII characters.")
    this.#token = token
    this.#fetch = fetch
    this.#timeoutMs = timeoutMs
  }

  /** The scheme, the host and the path of the tracker, for messages. */
  get url(): string {
    return `${this.#base.origin}${this.#base.pathname.replace(/\/$/, "")}`
  }

  /** Sends a request. @throws {TrackerError} If there is no response, or it is an error. */
  async send(request: ConnectionRequest): Promise<Response> {
    const { method = "GET", path, query = {}, headers = {}, body, signal, timeoutMs } = request
    const url = new URL(this.url + path)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const signals = signal === undefined ? [] : [signal]
    if (timeoutMs !== null) signals.push(AbortSignal.timeout(timeoutMs ?? this.#timeoutMs))
    const response = await this.#fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect could send the token elsewhere.
      redirect: "error",
      signal: AbortSignal.any(signals)
    }).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw this.unreachable(cause)
    })
    const version = response.headers.get(apiVersionHeader)
    if (version !== apiVersion) {
      await response.body?.cancel()
      throw new TrackerError(
        "VersionMismatch",
        version === null
          ? `${this.url} is not a gentask tracker (HTTP ${response.status}). Check the URL.`
          : `${this.url} has version ${version} of the tracker's API, and this client has version ${apiVersion}. Update the older one.`
      )
    }
    if (response.ok) return response
    const requestId = response.headers.get("x-request-id")
    const problem: unknown = await response.json().catch(() => undefined)
    if (isProblem(problem)) throw TrackerError.fromProblem(problem, requestId)
    throw new TrackerError("Unavailable", `${this.url} responded with HTTP ${response.status}.`, {
      requestId
    })
  }

  /** Sends a request, and returns the JSON of the response. */
  async json<A>(request: ConnectionRequest): Promise<A> {
    const response = await this.send(request)
    try {
      return (await response.json()) as A
    } catch (cause) {
      request.signal?.throwIfAborted()
      throw this.unreachable(cause)
    }
  }

  /** The error for a response that is missing or incomplete. */
  unreachable(cause: unknown): TrackerError {
    const why =
      cause instanceof Error && cause.name === "TimeoutError" ? "no response in time" : codeOf(cause)
    return new TrackerError("Unreachable", `The tracker at ${this.url} cannot be reached: ${why}.`, { cause })
  }
}
