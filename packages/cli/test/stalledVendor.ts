import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { secretKey } from "./emulator.ts"

const png = Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.alloc(50_000)])

/** Starts a vendor whose only image never arrives completely. `env` connects the command line to it. */
export const startStalledVendor = async () => {
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/media") === true) {
      response.writeHead(200, { "content-type": "image/png", "content-length": "1000000", etag: '"1"' })
      response.write(png)
      return
    }
    const { port } = server.address() as AddressInfo
    response.writeHead(200, { "content-type": "application/json" })
    response.end(
      JSON.stringify({
        code: "20000",
        data: {
          task_id: "1",
          status: "success",
          result: { image_url: `http://127.0.0.1:${port}/media.png` }
        }
      })
    )
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    env: { JIMMY_API_KEY: secretKey, JIMMY_BASE_URL: `http://127.0.0.1:${port}` },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}
