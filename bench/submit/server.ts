/** A local vendor that accepts every request, with a new task id each time. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { handleRequests } from "../measure/Worker.ts"

const server = createServer((request, response) => {
  request.resume().once("end", () => {
    const id = crypto.randomUUID()
    const data = { task_id: id, status: "queued", model: "gpt-image-2", created_at: 1_767_225_600 }
    response.writeHead(200, { "content-type": "application/json" })
    response.end(JSON.stringify({ code: "20000", msg: "ok", data, id, status: "queued" }))
  })
}).listen(0, "127.0.0.1")

handleRequests<"url", string>(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
