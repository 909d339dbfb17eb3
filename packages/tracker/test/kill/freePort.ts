import { once } from "node:events"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"

/** Returns a port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, "close")
  return port
}
