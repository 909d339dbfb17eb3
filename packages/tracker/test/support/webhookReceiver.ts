import { once } from "node:events"
import { createServer } from "node:http"
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** A message that a receiver has received. */
export interface ReceivedMessage {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server that receives webhooks. */
export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string
  readonly messages: ReadonlyArray<ReceivedMessage>
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}

/** Starts a receiver. `respond` is called for each message. @default HTTP 204 */
export const startReceiver = async (
  respond: (response: ServerResponse, message: ReceivedMessage) => void = (response) =>
    response.writeHead(204).end()
): Promise<WebhookReceiver> => {
  const messages: Array<ReceivedMessage> = []
  const server = createServer((request, response) => {
    const receive = async (): Promise<void> => {
      const body = await readBody(request)
      const message = { path: request.url ?? "", headers: request.headers, body }
      messages.push(message)
      respond(response, message)
    }
    void receive()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}
