/** Accounts of the fictional vendor with webhooks. */
import { createHmac, timingSafeEqual } from "node:crypto"
import * as Schema from "effect/Schema"
import { configureAccount, defineProvider } from "@gentask/core/provider"
import type { ProviderSpec, WebhookOperation } from "@gentask/core/provider"
import { acme } from "./acme.ts"

const Body = Schema.Struct({
  id: Schema.optional(Schema.String),
  kind: Schema.optional(Schema.String),
  challenge: Schema.optional(Schema.String),
  status: Schema.optional(Schema.String)
})

/** Webhooks without a signature. */
export const unsigned: WebhookOperation<unknown, typeof Body.Type> = {
  response: Schema.toStandardSchemaV1(Body),
  decode: ({ id, kind, challenge }) => {
    if (challenge !== undefined) return { _tag: "Respond", body: { challenge } }
    if (id === undefined) return { _tag: "Ignored" }
    return { _tag: "TaskUpdated", task: { id, params: kind === undefined ? {} : { kind } } }
  }
}

/** Returns the signature of a webhook. */
export const sign = (text: string, secret: string, seconds: number): string =>
  createHmac("sha256", secret).update(`${seconds}.${text}`).digest("hex")

/** Webhooks whose signature covers the body and the time. */
export const signed: WebhookOperation<unknown, typeof Body.Type> = {
  ...unsigned,
  verify: ({ headers, text, receivedAt }, { secret, keys }) => {
    const key = secret ?? (keys as string | undefined)
    const seconds = Number(headers["x-time"])
    if (key === undefined || !(Math.abs(receivedAt.getTime() / 1000 - seconds) <= 300)) return false
    const expected = Buffer.from(sign(text, key, seconds))
    const given = Buffer.from(headers["x-signature"] ?? "")
    return expected.length === given.length && timingSafeEqual(expected, given)
  }
}

/** The vendor with webhooks, and with a param of its refs. */
export const withWebhook = (webhook: WebhookOperation<unknown, typeof Body.Type>): ProviderSpec =>
  defineProvider({
    ...acme,
    params: Schema.toStandardSchemaV1(Schema.Struct({ kind: Schema.optional(Schema.String) })),
    webhook
  })

/** An account of the vendor with webhooks. */
export const webhookAccount = (webhook: WebhookOperation<unknown, typeof Body.Type> = unsigned) =>
  configureAccount(withWebhook(webhook), { apiKey: "sk-acme-secret" })
