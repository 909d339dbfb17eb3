/** The local vendors: a bare HTTP/1.1 server on a socket, whose answers are ready before they are asked for. */
import { createServer } from "node:net"
import type { AddressInfo, Socket } from "node:net"
import { answerWith } from "../measure/Worker.ts"
import { answers } from "./answers.ts"

const respond = (status: string, body: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )

const ready = answers.map(([path, body]) => [path, respond("200 OK", body)] as const)
const unknown = respond("404 Not Found", "{}")

const answerTo = (head: string): Buffer => {
  const path = head.slice(head.indexOf(" ") + 1)
  return ready.find(([beginning]) => path.startsWith(beginning))?.[1] ?? unknown
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
      const whole = end + 4 + (received.startsWith("GET") ? 0 : bodyLength(received))
      if (received.length < whole) return
      socket.write(answerTo(received))
      received = received.slice(whole)
    }
  })
}

const server = createServer(serve).listen(0, "127.0.0.1")

answerWith<"url", string>(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
