import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type {
  RequestLimits,
  SendError,
  SendOptions,
  Transport,
  TransportResponse
} from "../http/Transport.ts"
import type { KeyExchange } from "../provider/KeyExchange.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import { authHeaders, credentialsOf, keyOf } from "./authHeaders.ts"
import { decodeOperation } from "./decodeOperation.ts"
import { encodeEmbeddedFiles } from "./encodeEmbeddedFiles.ts"
import { FileError } from "./FileSource.ts"
import type { FileSource } from "./FileSource.ts"
import { KeyExchangeCache } from "./KeyExchangeCache.ts"
import type { ExchangedValue } from "./KeyExchangeCache.ts"
import { resolveRequest } from "./resolveRequest.ts"
import type { EncodedRequest } from "./resolveRequest.ts"
import type { Scheduler } from "./Timer.ts"
import type { VendorResponse } from "./VendorResponse.ts"

/** How a request of an account is sent. */
export interface SendRequestOptions extends Pick<SendOptions, "freshConnection" | "onSend"> {
  /** Returns the authentication headers. @default that of the spec */
  readonly authorize?: ProviderSpec["authorize"]
  /**
   * Time limit of the request, in milliseconds.
   *
   * @default the client's `requestTimeout`, but at least 2 minutes on a fresh connection
   */
  readonly timeoutMs?: number | undefined
}

/** Minimum time limit of a request that must not be repeated, in milliseconds. Some vendors respond after a minute. */
const minSingleTimeoutMs = 120_000

/** Why no response was received. A `delivery` other than "not-sent" means that the vendor may have the request. */
export type SendFailure = ConfigurationError | SendError

/** Converts what a provider or {@link resolveRequest} has thrown. */
export const toConfigurationError = (error: unknown, account: string): ConfigurationError =>
  error instanceof ConfigurationError
    ? error
    : new ConfigurationError({
        reason: { _tag: "InvalidSettings", account, path: "" },
        message: error instanceof Error ? error.message : String(error)
      })

/** Encodes, signs and sends the requests of one account. It neither queues nor retries them. */
export class RequestSender {
  readonly account: ResolvedAccount
  readonly #transport: Transport["Service"]
  readonly #limits: RequestLimits
  readonly #tokens: KeyExchangeCache<string, SendFailure> | undefined

  constructor(
    account: ResolvedAccount,
    transport: Transport["Service"],
    limits: RequestLimits,
    scheduler: Scheduler
  ) {
    this.account = account
    this.#transport = transport
    this.#limits = limits
    if (account.spec.keyExchange !== undefined)
      this.#tokens = new KeyExchangeCache(this.exchangeKey(account.spec.keyExchange), scheduler)
  }

  /** The token of the key exchange, without a request. Undefined if it must be exchanged first. */
  get currentToken(): string | undefined {
    return this.#tokens?.current
  }

  /** Exchanges the API key for a token, if the provider needs one that is missing. */
  get prepareToken(): Effect.Effect<void, SendFailure> {
    return this.#tokens === undefined ? Effect.void : Effect.asVoid(this.#tokens.get)
  }

  /**
   * Resolves a request and encodes its body, once for all times that it is sent. Files inside JSON are read into memory,
   * other files while they are sent.
   */
  encode(
    spec: RequestSpec,
    files: FileSource
  ): Effect.Effect<EncodedRequest, ConfigurationError | FileError> {
    return Effect.tryPromise({
      try: async () => {
        const body = spec.body === undefined ? {} : { body: await encodeEmbeddedFiles(spec.body, files) }
        return resolveRequest(this.account, { ...spec, ...body }, files)
      },
      catch: (error) => (error instanceof FileError ? error : toConfigurationError(error, this.account.name))
    })
  }

  /**
   * Signs a request and sends it once. Only a request whose token the vendor rejects with HTTP 401 is sent again, with a new
   * token.
   */
  send(
    encoded: EncodedRequest,
    options: SendRequestOptions = {}
  ): Effect.Effect<VendorResponse, SendFailure> {
    const tokens = this.#tokens
    if (tokens === undefined) return this.#sendSigned(encoded, options)
    const attempt = Effect.flatMap(asUnsent(tokens.get), (token) =>
      Effect.map(this.#sendSigned(encoded, options, token), (response) => ({ response, token }))
    )
    return Effect.flatMap(attempt, ({ response, token }) => {
      if (response.status !== 401) return Effect.succeed(response)
      tokens.invalidate(token)
      return Effect.map(attempt, (second) => second.response)
    })
  }

  #sendSigned(
    { request, payload }: EncodedRequest,
    { authorize, timeoutMs, freshConnection, onSend }: SendRequestOptions,
    token?: string
  ): Effect.Effect<VendorResponse, SendFailure> {
    return Effect.clockWith((clock): Effect.Effect<VendorResponse, SendFailure> => {
      const now = new Date(clock.currentTimeMillisUnsafe())
      let signed
      let secrets: ReadonlyArray<string> = token === undefined ? [] : [token]
      try {
        const headers = authHeaders(this.account, request, now, token, authorize)
        signed = { ...request, headers: { ...request.headers, ...headers } }
        // These may be secrets other than the API key, such as the token of a console.
        if (authorize !== undefined) secrets = [...secrets, ...wordsOf(headers)]
      } catch (error) {
        return Effect.fail(toConfigurationError(error, this.account.name))
      }
      const limits = this.#limitsOf(timeoutMs, freshConnection)
      const sent = this.#transport.send(signed, limits, { payload, freshConnection, onSend })
      return Effect.map(sent, (response) => this.#received(response, clock, secrets))
    })
  }

  #limitsOf(timeoutMs: number | undefined, isFresh = false): RequestLimits {
    const limits = this.#limits
    if (timeoutMs !== undefined) return { ...limits, timeoutMs }
    return isFresh ? { ...limits, timeoutMs: Math.max(limits.timeoutMs, minSingleTimeoutMs) } : limits
  }

  #received(
    response: TransportResponse,
    clock: Clock.Clock,
    secrets: ReadonlyArray<string> = []
  ): VendorResponse {
    const key = keyOf(this.account)
    return {
      ...response,
      at: clock.currentTimeMillisUnsafe(),
      secrets: secrets.length === 0 ? key : [key, ...secrets]
    }
  }

  /** Requests a token, or the public keys of webhooks. */
  exchangeKey<Value>(
    exchange: KeyExchange<unknown, unknown, Value>
  ): Effect.Effect<ExchangedValue<Value>, SendFailure> {
    return Effect.clockWith((clock): Effect.Effect<ExchangedValue<Value>, SendFailure> => {
      const { account } = this
      let request
      try {
        const credentials = credentialsOf(account, new Date(clock.currentTimeMillisUnsafe()))
        request = resolveRequest(account, exchange.request(credentials, account.settings)).request
      } catch (error) {
        return Effect.fail(toConfigurationError(error, account.name))
      }
      return Effect.flatMap(
        this.#transport.send(request, this.#limits),
        (response): Effect.Effect<ExchangedValue<Value>, SendFailure> => {
          const decoded = decodeOperation(exchange, this.#received(response, clock), account.spec.errors)
          if (decoded._tag === "Error") return Effect.fail(decoded.reason)
          const { outcome } = decoded
          if (outcome._tag === "Error") return Effect.fail(outcome.reason)
          return Effect.succeed({ value: outcome.value, expiresInMs: outcome.expiresInMs })
        }
      )
    })
  }
}

/** The words of headers. `Bearer TOKEN` contains the token. */
const wordsOf = (headers: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  Object.values(headers).flatMap((value) => value.split(/\s+/))

/** An error of the key exchange: the request itself was not sent. */
const asUnsent = <A>(exchange: Effect.Effect<A, SendFailure>): Effect.Effect<A, SendFailure> =>
  Effect.mapError(exchange, (error) =>
    error instanceof ConfigurationError ? error : { ...error, delivery: "not-sent" as const }
  )
