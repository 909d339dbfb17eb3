/** Receives the webhook of a task that an emulator runs, and passes changed copies of it on to a client. */
import { once } from "node:events"
import type { IncomingHttpHeaders } from "node:http"
import { buffer } from "node:stream/consumers"
import type { Gentask, IncomingWebhook, ReceivedWebhook, SubmitInput } from "@gentask/core"
import { listen } from "./listen.ts"

/** A webhook as a server received it. */
export interface SentWebhook {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Submits a request with a webhook, and returns the webhook when it is sent. */
export const receiveWebhookOf = async (
  gentask: Gentask,
  request: Omit<SubmitInput, "webhook">,
  secret?: string
): Promise<{ readonly ref: string; readonly sent: SentWebhook }> => {
  const { promise: first, resolve: receive } = Promise.withResolvers<SentWebhook>()
  await using server = await listen(async (incoming, response) => {
    receive({ headers: incoming.headers, body: await buffer(incoming) })
    response.end()
    await once(response, "close")
  })
  const { ref } = await gentask.submit({
    ...request,
    webhook: { url: server.baseUrl, ...(secret === undefined ? {} : { secret }) }
  })
  return { ref, sent: await first }
}

/** Passes a webhook on to a client. Returns the error if it is not accepted. */
export const passOn = (
  gentask: Gentask,
  account: string,
  webhook: IncomingWebhook
): Promise<ReceivedWebhook | { readonly _tag: string }> =>
  gentask.receiveWebhook(account, webhook).catch((error: unknown) => error as { readonly _tag: string })
