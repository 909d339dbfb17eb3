/** A minimal file server that generates its bytes, and a vendor whose tasks link to its files. */
import { createServer } from "node:net"
import type { AddressInfo, Socket } from "node:net"
import { handleRequests } from "../measure/Worker.ts"

const block = Buffer.alloc(1024 * 1024, "gentask")
// The first box of an MP4, by which the media type is detected.
Buffer.from([0, 0, 0, 16, ...Buffer.from("ftypisom"), 0, 0, 2, 0]).copy(block)

const head = (type: string, length: number): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\netag: "all-files"\r\n\r\n`

const sendFile = (socket: Socket, size: number): void => {
  let remaining = size
  const send = (): void => {
    while (remaining > 0) {
      const part = remaining < block.length ? block.subarray(0, remaining) : block
      remaining -= part.length
      if (!socket.write(part)) return void socket.once("drain", send)
    }
  }
  socket.write(head("video/mp4", size))
  send()
}

const sendTask = (socket: Socket, size: number, id: string): void => {
  const { port } = server.address() as AddressInfo
  const body = JSON.stringify({
    code: "20000",
    msg: "ok",
    data: {
      task_id: id,
      status: "completed",
      result: { video_url: `http://127.0.0.1:${port}/files/${size}/${id}.mp4` }
    }
  })
  socket.write(head("application/json", body.length) + body)
}

const serve = (socket: Socket): void => {
  socket.setNoDelay(true)
  socket.setEncoding("latin1")
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    const request = String(chunk)
    const file = /^GET \/files\/(\d+)\//.exec(request)
    if (file !== null) return sendFile(socket, Number(file[1]))
    // The id of a task is the size of its file and a number: `2000000-7`.
    const [, id = "", size] = /\/((\d+)-\d+) /.exec(request) ?? []
    return sendTask(socket, Number(size), id)
  })
}

const server = createServer(serve).listen(0, "127.0.0.1")

handleRequests<"url", string>(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
