/** TCP servers that count what they receive, for tests of connections that break. */
import { once } from "node:events"
import { createServer } from "node:net"
import type { AddressInfo, Server, Socket } from "node:net"
import { createServer as createSecureServer } from "node:tls"
import type { TlsOptions } from "node:tls"
import { vi } from "vitest"

/** The connections and the bytes that a server has received. */
export interface Received {
  connections: number
  bytes: Buffer
}

/** Called for each connection, and again with each chunk that it receives. */
export type OnData = (socket: Socket, received: Received) => void

const start = async (server: Server, received: Received) => {
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    port: (server.address() as AddressInfo).port,
    received,
    /** Resolves when every connection is closed. */
    closed: () => vi.waitFor(() => sockets.size === 0 || Promise.reject(new Error("still connected")), 5000),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, "close")
    }
  }
}

const handle = (received: Received, onData: OnData) => (socket: Socket) => {
  received.connections += 1
  socket.on("error", () => undefined)
  socket.on("data", (chunk: Buffer) => {
    received.bytes = Buffer.concat([received.bytes, chunk])
    onData(socket, received)
  })
  onData(socket, received)
}

/** Starts a plain TCP server. */
export const startRawServer = (onData: OnData) => {
  const received: Received = { connections: 0, bytes: Buffer.alloc(0) }
  return start(createServer(handle(received, onData)), received)
}

/** Starts a TLS server. */
export const startRawSecureServer = (options: TlsOptions, onData: OnData) => {
  const received: Received = { connections: 0, bytes: Buffer.alloc(0) }
  const server = createSecureServer(options, handle(received, onData))
  server.on("tlsClientError", () => undefined)
  return start(server, received)
}
