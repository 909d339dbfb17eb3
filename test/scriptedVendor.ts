import type { IncomingMessage, ServerResponse } from "node:http"
import { expect, vi } from "vitest"
import { createGentask, PollPolicy } from "@gentask/core"
import type { TasksOptions } from "@gentask/core/effect"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimmy } from "@gentask/provider-jimmy"
import { listen } from "./listen.ts"

/** The API key of the client. */
export const apiKey = "sk-hostile-secret"

/** Starts a vendor that calls `respond` for each request, and a client of it. Paths below `/file` are for its files. */
export const startScriptedVendor = async (
  respond: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  options: Partial<TasksOptions> = {}
) => {
  const requests: Array<IncomingMessage> = []
  const server = await listen((request, response) => {
    requests.push(request)
    respond(request, response, requests.length)
  })
  const { baseUrl } = server
  const gentask = createGentask({
    providers: [jimmy({ apiKey, baseUrl }), aigptimage({ apiKey, baseUrl, tier: "enterprise" })],
    pollPolicy: PollPolicy.fixed(100),
    ...options
  })
  return {
    gentask,
    requests,
    /** Resolves after so many requests whose path contains a text, which may have arrived before. */
    received: (text: string, count = 1): Promise<void> =>
      vi.waitFor(
        () => expect(requests.filter(({ url }) => url?.includes(text)).length).toBeGreaterThanOrEqual(count),
        { timeout: 20_000, interval: 10 }
      ),
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      await server[Symbol.asyncDispose]()
    }
  }
}

/** Sends a JSON response. */
export const json = (
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string> = {},
  status = 200
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(JSON.stringify(body))
}

/** The response of Jimmy for a running task. */
export const running = { code: "20000", data: { status: "processing", progress: 5 } }

/** Returns the response of Jimmy for a task that has succeeded, with a link to a path of the same server. */
export const doneAt = (request: IncomingMessage, path = "/file") => ({
  code: "20000",
  data: { status: "completed", result: { image_url: `http://${request.headers.host}${path}` } }
})

/** Returns a file with the header of a PNG. Its body is one repeated byte, which tells files apart. */
export const png = (fill: number, size = 300_000): Buffer =>
  Buffer.concat([
    Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex"),
    Buffer.alloc(size, fill)
  ])
