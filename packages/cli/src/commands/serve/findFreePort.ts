import { once } from "node:events"
import { createServer } from "node:net"

/** How many ports are tried. */
const maxPorts = 20

const isFree = async (host: string, port: number): Promise<boolean> => {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, "listening")
    server.close()
    await once(server, "close")
    return true
  } catch {
    return false
  }
}

/** Returns the first free port, from this one on. Returns 0, which lets the system choose, if none is free. */
export const findFreePort = async (host: string, first: number): Promise<number> => {
  for (let port = first; port < first + maxPorts; port += 1) if (await isFree(host, port)) return port
  return 0
}
