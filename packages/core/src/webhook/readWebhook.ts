/** Verifies and decodes a webhook. Loaded on use: most programs receive none. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { invalidOption } from "../account/invalidOption.ts"
import { nameOf } from "../account/nameOf.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { keyOf } from "../exchange/authHeaders.ts"
import { notJson, parseBody } from "../exchange/parseBody.ts"
import { ProviderError } from "../exchange/ProviderError.ts"
import type { SendFailure } from "../exchange/RequestSender.ts"
import { validateResponse } from "../provider/validate.ts"
import type {
  WebhookCredentials,
  WebhookOperation,
  WebhookOutcome,
  WebhookRequest
} from "../provider/WebhookOperation.ts"
import type { IncomingWebhook } from "./IncomingWebhook.ts"
import { InvalidWebhook } from "./InvalidWebhook.ts"
import { toWebhookRequest } from "./toWebhookRequest.ts"
import type { WebhookKeys } from "./WebhookKeys.ts"

/** A webhook that was verified as far as its vendor permits, and what it says. */
export interface ReadWebhook {
  readonly outcome: WebhookOutcome
  readonly isVerified: boolean
}

/** Why a webhook was not accepted. */
export type WebhookFailure = InvalidWebhook | ConfigurationError | ProviderError

type Operation = WebhookOperation<unknown, unknown>

/** Returns how an account reads webhooks. @throws {ConfigurationError} If its vendor sends none. */
export const webhookOperationOf = (account: ResolvedAccount): Operation => {
  if (account.spec.webhook !== undefined) return account.spec.webhook
  throw new ConfigurationError({
    reason: { _tag: "UnsupportedOperation", account: nameOf(account), operation: "webhook" },
    message: `${account.spec.title} documents no webhooks. Wait for the task instead.`
  })
}

/** Checks the secret. Returns undefined if the caller accepts webhooks without a signature. */
const secretOf = (
  account: ResolvedAccount,
  { verify, keys }: Operation,
  secret: IncomingWebhook["secret"]
): WebhookCredentials | undefined => {
  const { title } = account.spec
  if (secret === false) return undefined
  if (secret !== undefined && (typeof secret !== "string" || secret.trim() === ""))
    throw invalidOption(
      "secret",
      "Invalid secret: expected the text that the vendor signs webhooks with, or false."
    )
  if (verify === undefined) {
    if (secret === undefined) return undefined
    throw invalidOption("secret", `${title} documents no signature of its webhooks. Leave out the secret.`)
  }
  if (secret === undefined && keys === undefined)
    throw invalidOption(
      "secret",
      `${title} signs webhooks with a secret: pass the option secret. If you have not set one at the vendor, pass secret: false.`
    )
  return { secret }
}

const verifies = (
  { verify }: Operation,
  request: WebhookRequest,
  credentials: WebhookCredentials
): boolean => {
  try {
    return verify?.(request, credentials) === true
  } catch {
    return false
  }
}

/** A failed request for the vendor's keys. */
const toKeyError =
  (account: ResolvedAccount) =>
  (error: SendFailure): ConfigurationError | ProviderError => {
    if (error instanceof ConfigurationError) return error
    const { delivery: _, ...reason } = error
    return new ProviderError({
      provider: account.spec.id,
      account: account.name,
      ref: nameOf(account),
      reason
    })
  }

/** Verifies the signature, with the vendor's current keys if it publishes some. */
const isSigned = (
  account: ResolvedAccount,
  operation: Operation,
  request: WebhookRequest,
  credentials: WebhookCredentials,
  keys: WebhookKeys | undefined
): Effect.Effect<boolean, ConfigurationError | ProviderError> => {
  if (keys === undefined) return Effect.succeed(verifies(operation, request, credentials))
  const check = Effect.gen(function* () {
    const known = yield* keys.get
    if (verifies(operation, request, { ...credentials, keys: known })) return true
    const renewed = keys.renew(known)
    if (renewed === undefined) return false
    return verifies(operation, request, { ...credentials, keys: yield* renewed })
  })
  return Effect.mapError(check, toKeyError(account))
}

const decode = (account: ResolvedAccount, operation: Operation, request: WebhookRequest): WebhookOutcome => {
  const invalid = (detail: string, path = ""): InvalidWebhook =>
    new InvalidWebhook({ account: nameOf(account), reason: { _tag: "InvalidBody", path }, detail })
  const body = parseBody(request.text, keyOf(account))
  if (body === notJson) throw invalid("it is not JSON")
  const valid = validateResponse(operation.response, body)
  if (!valid.ok) throw invalid(valid.message, valid.path)
  let outcome
  try {
    outcome = operation.decode(valid.value, request)
  } catch {
    throw invalid("the provider cannot decode it")
  }
  if (
    outcome._tag === "TaskUpdated" &&
    (typeof outcome.task.id !== "string" || outcome.task.id.trim() === "")
  )
    throw invalid("it has no task id")
  return outcome
}

/**
 * Verifies and decodes a webhook.
 *
 * @param keys The vendor's public keys, if it publishes some.
 */
export const readWebhook = (
  account: ResolvedAccount,
  operation: Operation,
  webhook: IncomingWebhook,
  keys: WebhookKeys | undefined
): Effect.Effect<ReadWebhook, WebhookFailure> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const receivedAt = new Date(clock.currentTimeMillisUnsafe())
    const { credentials, request } = yield* Effect.try({
      try: () => ({
        request: toWebhookRequest(webhook, receivedAt),
        credentials: secretOf(account, operation, webhook.secret)
      }),
      catch: (error) => error as ConfigurationError
    })
    if (request === undefined)
      return yield* Effect.fail(
        new InvalidWebhook({
          account: nameOf(account),
          reason: { _tag: "InvalidBody", path: "" },
          detail: "it is not UTF-8"
        })
      )
    const isVerified = credentials !== undefined
    if (isVerified && !(yield* isSigned(account, operation, request, credentials, keys)))
      return yield* Effect.fail(
        new InvalidWebhook({ account: nameOf(account), reason: { _tag: "InvalidSignature" } })
      )
    const outcome = yield* Effect.try({
      try: () => decode(account, operation, request),
      catch: (error) => error as InvalidWebhook
    })
    return { outcome, isVerified }
  })
