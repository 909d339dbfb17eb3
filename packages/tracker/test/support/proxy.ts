/** A proxy that can lose all data, as a broken network does. */
import { once } from "node:events"
import { connect, createServer } from "node:net"
import type { AddressInfo, Socket } from "node:net"

/** Forwards connections to a port, unless it is paused: then data is lost, and no connection is closed. */
export const startProxy = async (port: number) => {
  let isPaused = false
  const sockets = new Set<Socket>()
  const proxy = createServer((socket) => {
    const upstream = connect(port, "127.0.0.1")
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket]
    ] as const) {
      sockets.add(from)
      from.on("data", (chunk) => void (isPaused || to.write(chunk)))
      from.on("close", () => void (isPaused || to.destroy()))
      from.on("error", () => undefined)
    }
  }).listen(0, "127.0.0.1")
  await once(proxy, "listening")
  return {
    port: (proxy.address() as AddressInfo).port,
    pause: () => {
      isPaused = true
    },
    resume: () => {
      isPaused = false
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
      await once(proxy, "close")
    }
  }
}
