/** The local vendors: a minimal HTTP/1.1 server with prepared responses. */
import { createServer } from "node:net"
import type { AddressInfo, Socket } from "node:net"
import { handleRequests } from "../measure/Worker.ts"
import { responses } from "./responses.ts"

const responseOf = (status: string, body: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )

const prepared = responses.map(([prefix, body]) => [prefix, responseOf("200 OK", body)] as const)
const notFound = responseOf("404 Not Found", "{}")

const respondTo = (head: string): Buffer => {
  const path = head.slice(head.indexOf(" ") + 1)
  return prepared.find(([prefix]) => path.startsWith(prefix))?.[1] ?? notFound
}

const bodyLength = (head: string): number => Number(/\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)

const serve = (socket: Socket): void => {
  let received = ""
  socket.setNoDelay(true)
  socket.setEncoding("latin1")
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    received += String(chunk)
    for (;;) {
      const end = received.indexOf("\r\n\r\n")
      if (end < 0) return
      const length = end + 4 + (received.startsWith("GET") ? 0 : bodyLength(received))
      if (received.length < length) return
      socket.write(respondTo(received))
      received = received.slice(length)
    }
  })
}

const server = createServer(serve).listen(0, "127.0.0.1")

handleRequests<"url", string>(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
