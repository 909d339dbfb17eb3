import { GentaskError } from "../task/GentaskError.ts"

/** Why a webhook was rejected. */
export type InvalidWebhookReason =
  /** The signature is missing or does not match the body, or the signed time is too old or too new. */
  | { readonly _tag: "InvalidSignature" }
  /** The body is not what the vendor documents. `path` is the dotted path of the invalid value; it may be empty. */
  | { readonly _tag: "InvalidBody"; readonly path: string }

/** The fields of an {@link InvalidWebhook}. */
export interface InvalidWebhookFields {
  /** The account, as in a task ref. */
  readonly account: string
  /** Why the webhook was rejected. */
  readonly reason: InvalidWebhookReason
  /** What is wrong with the body, as the rest of a sentence. */
  readonly detail?: string | undefined
}

const describe = ({ reason, detail }: InvalidWebhookFields): string => {
  if (reason._tag === "InvalidSignature")
    return "the signature does not match, or its time is more than a few minutes from now. Check the secret and the clock, and pass the body exactly as it was received"
  const at = reason.path === "" ? "" : ` at ${reason.path}`
  return `invalid body${at}${detail === undefined ? "" : `: ${detail.replace(/\.$/, "")}`}`
}

/** A webhook was rejected: the vendor did not send it, or it cannot be read. Respond with HTTP 400. */
export class InvalidWebhook extends GentaskError {
  /** Always `InvalidWebhook`. */
  readonly _tag = "InvalidWebhook"
  /** Equal to `_tag`. */
  override readonly name = "InvalidWebhook"
  /** Always false. */
  readonly isRetryable = false
  /** The account, as in a task ref. */
  readonly account: string
  /** Why the webhook was rejected. */
  readonly reason: InvalidWebhookReason

  constructor(fields: InvalidWebhookFields, options?: ErrorOptions) {
    super(`Invalid webhook for ${fields.account}: ${describe(fields)}.`, options)
    this.account = fields.account
    this.reason = fields.reason
  }
}
