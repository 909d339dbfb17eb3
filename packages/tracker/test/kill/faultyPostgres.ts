/** A proxy in front of Postgres at which transactions can be stopped before or after they are in the database. */
import { once } from "node:events"
import { connect, createServer } from "node:net"
import type { AddressInfo, Socket } from "node:net"

/** `before`: the transaction never reaches the server. `after`: it is committed, and its client gets no response. */
export type CutPoint = "before" | "after"

interface Cut {
  readonly point: CutPoint
  readonly pattern: RegExp
  readonly onCut: () => void
}

/** Forwards connections to a port. */
export const startFaultyPostgres = async (port: number) => {
  let cut: Cut | undefined
  const sockets = new Set<Socket>()
  const takeCut = (): void => {
    cut?.onCut()
    cut = undefined
  }
  const proxy = createServer((socket) => {
    const upstream = connect(port, "127.0.0.1")
    let [isMatched, isCut] = [false, false]
    for (const each of [socket, upstream]) {
      sockets.add(each)
      each.on("error", () => undefined)
    }
    socket.on("data", (chunk: Buffer) => {
      if (cut?.pattern.test(chunk.toString("latin1")) === true) {
        isMatched = true
        if (cut.point === "before") {
          isCut = true
          takeCut()
        }
      }
      if (!isCut) upstream.write(chunk)
    })
    upstream.on("data", (chunk: Buffer) => {
      // The tag of CommandComplete: the server has committed the transaction.
      if (isMatched && !isCut && chunk.includes("COMMIT\0")) {
        isCut = true
        takeCut()
      }
      if (!isCut) socket.write(chunk)
    })
    socket.on("close", () => upstream.destroy())
    upstream.on("close", () => socket.destroy())
  }).listen(0, "127.0.0.1")
  await once(proxy, "listening")
  return {
    port: (proxy.address() as AddressInfo).port,
    /** Cuts the connection of the next transaction that sends matching data. Resolves when that has happened. */
    cutAt: (point: CutPoint, pattern: RegExp): Promise<void> =>
      new Promise((resolve) => {
        cut = { point, pattern, onCut: resolve }
      }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
      await once(proxy, "close")
    }
  }
}
