/** A local HTTP server for tests of the real transport. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { RequestListener } from "node:http"
import type { AddressInfo } from "node:net"

/** Starts a server on a free port. `requested(count)` resolves when it has received so many requests. */
export const startServer = async (listener: RequestListener) => {
  let count = 0
  const server = createServer((request, response) => {
    count += 1
    listener(request, response)
    server.emit("counted")
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requested: (expected: number): Promise<void> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (count >= expected) resolve()
          else server.once("counted", check)
        }
        check()
      }),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}
