import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { resolveRequest } from "../exchange/resolveRequest.ts"
import { describeRequest } from "./describeRequest.ts"
import { describeFiles, describeOpened, idempotencyKeyOf } from "./intentRecord.ts"
import type { IntentFile } from "../ledger/Ledger.ts"
import { prepareSubmit } from "./prepareSubmit.ts"
import type { SubmitInput } from "./SubmitInput.ts"

/** The request of a submit, which was not sent. */
export interface SubmitPreview {
  readonly method: string
  readonly url: string
  /** The headers by lowercase name, without those that contain credentials. */
  readonly headers: Readonly<Record<string, string>>
  /** The body. Files in it are `{ name, mediaType, size, sha256 }`. Null for no body. */
  readonly body: unknown
  /** The files of the input. Those with a path are uploaded first, and the vendor's reference replaces them. */
  readonly files: ReadonlyArray<IntentFile>
}

/**
 * Validates a submit as `submit` does, and describes its request. Sends nothing, and needs no API key.
 *
 * @throws {ConfigurationError} If the provider cannot submit, or the input is invalid.
 */
export const previewSubmit = async (
  account: ResolvedAccount,
  request: SubmitInput
): Promise<SubmitPreview> => {
  const prepared = await prepareSubmit(account, request)
  const { model, input, webhook, operation, files } = prepared
  const idempotencyKey = idempotencyKeyOf(request.idempotencyKey)
  const spec = describeRequest(account, operation, { model, input, webhook, idempotencyKey })
  const body = spec.body === undefined ? {} : { body: describeFiles(spec.body, prepared) }
  const bytes = new Map([...files].map(([id, { blob }]) => [id, blob]))
  const { method, url, headers } = resolveRequest(account, { ...spec, ...body }, bytes).request
  const content = body.body ?? spec.form ?? spec.multipart ?? null
  return {
    method,
    url: url.href,
    headers,
    body: describeFiles(content, prepared),
    files: describeOpened(prepared)
  }
}
