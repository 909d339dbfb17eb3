/** Receives webhooks of vendors. A webhook only causes a poll, whose result decides about the task. */
import { ConfigurationError, InvalidTaskRef, InvalidWebhook } from "@gentask/core"
import { invalidOption } from "@gentask/core/internal/engine"
import * as Effect from "effect/Effect"
import type { VendorResponse, VendorWebhooksService } from "./http/VendorWebhooks.ts"
import type { TrackerAccountsService } from "./owner/TrackerAccounts.ts"
import type { TrackerOptions } from "./TrackerOptions.ts"
import { HookPaths } from "./webhooks/HookPaths.ts"

/** Returns the paths of webhooks. The secrets in them derive from an option, so that all trackers have the same. */
export const hookPathsOf = ({ hookSecret, tokens }: TrackerOptions): HookPaths =>
  new HookPaths(hookSecret ?? tokens.find(({ scopes }) => scopes.includes("admin"))?.token)

/** Returns the URL for the webhooks of an account. Undefined if vendors cannot reach the tracker. */
export const webhookUrlOf = (options: TrackerOptions, account: string): string | undefined => {
  const path = hookPathsOf(options).pathOf(account)
  return options.publicUrl === undefined || path === undefined
    ? undefined
    : options.publicUrl.replace(/\/+$/, "") + path
}

const respond = (
  status: number,
  body: string,
  contentType = "text/plain; charset=utf-8"
): VendorResponse => ({
  status,
  body,
  contentType
})

/** Vendors repeat a webhook after a 5xx. They must not repeat one that is invalid. */
const errorResponse = (error: Error): VendorResponse =>
  error instanceof InvalidWebhook || error instanceof ConfigurationError || error instanceof InvalidTaskRef
    ? respond(400, "The webhook was rejected.")
    : respond(503, "The webhook cannot be processed now.")

/**
 * Creates the receiver of vendors' webhooks.
 *
 * @throws {ConfigurationError} If there is a secret of an account whose vendor signs no webhooks with one.
 */
export const makeVendorWebhooks = (
  options: TrackerOptions,
  accounts: TrackerAccountsService
): VendorWebhooksService => {
  const paths = hookPathsOf(options)
  const known = new Set(accounts.names.filter((name) => accounts.webhookOf(name) !== undefined))
  const secrets = new Map(Object.entries(options.webhookSecrets ?? {}))
  for (const account of secrets.keys()) {
    const operation = known.has(account) ? accounts.webhookOf(account) : undefined
    if (operation?.verify === undefined || operation.keys !== undefined)
      throw invalidOption(
        "webhookSecrets",
        `Invalid webhookSecrets: expected accounts whose vendors sign webhooks with a secret, without ${account}.`
      )
  }

  /** False accepts what is not signed: the vendor signs only if the user has set a secret there. */
  const secretOf = (account: string): string | false | undefined => {
    const operation = accounts.webhookOf(account)
    const isSecretOptional = operation?.verify !== undefined && operation.keys === undefined
    return secrets.get(account) ?? (isSecretOptional ? false : undefined)
  }

  return {
    pathOf: (account) => (known.has(account) ? paths.pathOf(account) : undefined),
    receiver: (account, secret) => {
      if (!paths.isValid(account, secret) || !known.has(account)) return undefined
      return ({ headers, body }) =>
        Effect.match(accounts.receiveWebhook(account, { headers, body, secret: secretOf(account) }), {
          onSuccess: ({ response }) =>
            response === undefined
              ? respond(200, "")
              : respond(200, JSON.stringify(response), "application/json"),
          onFailure: errorResponse
        })
    }
  }
}
