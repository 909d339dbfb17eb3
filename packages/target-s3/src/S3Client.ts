import { setTimeout as delay } from "node:timers/promises"
import type { TargetDownload, TargetRequest, TargetResponse, TargetTransport } from "@gentask/core"
import { AwsV4Signer } from "aws4fetch"
import { encodeKey, encodeQuery } from "./encodeKey.ts"
import type { S3Settings } from "./parseS3Options.ts"
import { S3Error, errorCode, expiredCodes, isTransient, responseError } from "./S3Error.ts"
import type { S3Credentials } from "./S3TargetOptions.ts"
import { sha256Hex } from "./sha256Hex.ts"

/** A request to the server. */
export interface S3Request {
  readonly method: TargetRequest["method"]
  /** Undefined for requests about the bucket. */
  readonly key?: string | undefined
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly payload?: { readonly blob: Blob; readonly sha256: string } | undefined
}

/** How a request is sent. */
export interface S3SendOptions {
  readonly signal: AbortSignal
  /** Called after a failed attempt that is followed by another. */
  readonly onRetry?: ((reason: string) => void) | undefined
  /** Statuses that are no error besides those from 200 to 299. */
  readonly accepts?: ReadonlyArray<number> | undefined
  /** Why a response with an accepted status must be requested again; undefined if it is correct. */
  readonly problemOf?: ((response: TargetResponse) => string | undefined) | undefined
}

/** A complete response, with the code of an error that has an accepted status. */
export interface S3Response extends TargetResponse {
  readonly code: string | undefined
}

/** What a request was signed with. */
interface Signing {
  readonly credentials: Promise<S3Credentials>
  readonly skewMs: number
}

const firstDelayMs = 100
const maxDelayMs = 10_000
const maxRetryAfterMs = 60_000

/** Servers reject requests whose time differs by 15 minutes. */
const maxSkewMs = 4 * 60_000

const delayMs = (attempt: number, retryAfter: string | undefined): number => {
  const seconds = Number(retryAfter ?? "")
  const floor = seconds > 0 ? Math.min(seconds * 1000, maxRetryAfterMs) : 0
  return Math.max(floor, Math.random() * Math.min(maxDelayMs, firstDelayMs * 2 ** attempt))
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, "")

/** Signs requests to one bucket, sends them, and repeats those that failed for a transient reason. */
export class S3Client {
  readonly settings: S3Settings
  readonly #transport: TargetTransport
  /** Derived signing keys. */
  readonly #signingKeys = new Map<string, ArrayBuffer>()
  #credentials: Promise<S3Credentials> | undefined
  /** How far the clock of the server is ahead, in milliseconds. */
  #skewMs = 0

  constructor(settings: S3Settings, transport: TargetTransport) {
    this.settings = settings
    this.#transport = transport
  }

  /** Sends a request until it succeeds. Rejects with an `S3Error`, or the reason of the signal. */
  async send(request: S3Request, options: S3SendOptions): Promise<S3Response> {
    const { signal, onRetry, accepts = [], problemOf } = options
    const corrected = { clock: false, credentials: false }
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted()
      const isLast = attempt >= this.settings.attempts
      let problem: S3Error
      let retryAfter: string | undefined
      try {
        const { signed, used } = await this.#sign(request)
        const response = await this.#transport.send(signed, signal)
        const code = errorCode(response)
        // Some operations report an error after the head of the response was sent with the status 200.
        const isSuccess = response.status >= 200 && response.status < 300 && code === undefined
        if (isSuccess || accepts.includes(response.status)) {
          const detail = isSuccess ? problemOf?.(response) : undefined
          if (detail === undefined) return { ...response, code }
          problem = new S3Error(detail, { isRetryable: true })
        } else {
          problem = responseError(response, this.settings.bucket, code)
          if (this.#correct(response, code, used, corrected)) continue
          if (!isTransient(response.status, code)) throw problem
          retryAfter = response.headers["retry-after"]
        }
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof S3Error) throw error
        problem = new S3Error(messageOf(error), { isRetryable: true, cause: error })
      }
      if (isLast) throw problem
      onRetry?.(problem.message)
      await delay(delayMs(attempt, retryAfter), undefined, { signal }).catch(() => undefined)
    }
  }

  /** Opens an object for reading. The response may have any status. */
  async open(
    key: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal
  ): Promise<TargetDownload> {
    const { signed } = await this.#sign({ method: "GET", key, headers })
    return this.#transport.open(signed, signal)
  }

  /**
   * Adapts to a wrong clock or to expired credentials, each once per request. Returns whether a new signature may be
   * accepted. Another request may have adapted meanwhile.
   */
  #correct(
    { status, headers }: TargetResponse,
    code: string | undefined,
    used: Signing,
    corrected: { clock: boolean; credentials: boolean }
  ): boolean {
    if (expiredCodes.has(code) && this.settings.canRenew && !corrected.credentials) {
      if (this.#credentials === used.credentials) this.#credentials = undefined
      corrected.credentials = true
      return true
    }
    // A response to HEAD has no code.
    if (status !== 403 || corrected.clock) return false
    const aheadMs = Date.parse(headers["date"] ?? "") - Date.now()
    if (Number.isNaN(aheadMs) || Math.abs(aheadMs - used.skewMs) < maxSkewMs) return false
    this.#skewMs = aheadMs
    corrected.clock = true
    return true
  }

  async #sign({
    method,
    key,
    query,
    headers = {},
    body,
    payload
  }: S3Request): Promise<{ readonly signed: TargetRequest; readonly used: Signing }> {
    this.#credentials ??= this.settings.credentials()
    const used = { credentials: this.#credentials, skewMs: this.#skewMs }
    const credentials = await used.credentials.catch((error: unknown) => {
      if (this.#credentials === used.credentials) this.#credentials = undefined
      throw new S3Error("the credentials could not be loaded", { isRetryable: true, cause: error })
    })
    const path = key === undefined ? "" : `/${encodeKey(key)}`
    const search = query === undefined ? "" : `?${encodeQuery(query)}`
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const { url, headers: signedHeaders } = await new AwsV4Signer({
      method,
      url: `${this.settings.bucketUrl}${path}${search}`,
      headers: { ...headers, "x-amz-content-sha256": payload?.sha256 ?? sha256Hex(body ?? "") },
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service: "s3",
      region: this.settings.region,
      cache: this.#signingKeys,
      datetime: new Date(Date.now() + used.skewMs).toISOString().replaceAll(/[:-]|\.\d{3}/g, "")
    }).sign()
    return {
      signed: { method, url, headers: Object.fromEntries(signedHeaders), body, payload: payload?.blob },
      used
    }
  }
}
