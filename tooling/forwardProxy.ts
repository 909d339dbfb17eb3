/** A forward proxy on a local port: requests in absolute form, and tunnels by CONNECT. */
import { once } from "node:events"
import { createServer, request as sendRequest } from "node:http"
import type { IncomingMessage } from "node:http"
import { connect } from "node:net"
import type { AddressInfo, Socket } from "node:net"

/** Options of a proxy. */
export interface ProxyOptions {
  /** The required value of `proxy-authorization`. */
  readonly authorization?: string
  /** Where tunnels and requests lead, whatever their target is. Defaults to the target. */
  readonly upstream?: URL
}

/** Starts a proxy. `requests` lists what it received, such as `GET http://a.example/` and `CONNECT a.example:443`. */
export const startProxy = async ({ authorization, upstream }: ProxyOptions = {}) => {
  const requests: Array<string> = []
  const sockets = new Set<Socket>()
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on("error", () => undefined).on("close", () => sockets.delete(socket))
  }
  const isAuthorized = ({ headers }: IncomingMessage): boolean =>
    authorization === undefined || headers["proxy-authorization"] === authorization
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    if (!isAuthorized(request)) {
      response.writeHead(407).end("authenticate first")
      return
    }
    const target = new URL(request.url ?? "")
    const { hostname, port } = upstream ?? target
    const { "proxy-authorization": _, ...headers } = request.headers
    const forwarded = sendRequest(
      { hostname, port, path: target.pathname + target.search, method: request.method, headers },
      (received) => {
        response.writeHead(received.statusCode ?? 502, received.headers)
        received.pipe(response)
      }
    )
    forwarded.on("error", () => response.writeHead(502).end("bad gateway"))
    request.pipe(forwarded)
  })
  server.on("connection", track)
  server.on("connect", (request, socket: Socket) => {
    requests.push(`CONNECT ${request.url}`)
    track(socket)
    if (!isAuthorized(request)) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
      return
    }
    const target = upstream ?? new URL(`http://${request.url}`)
    const tunnel = track(connect(Number(target.port), target.hostname))
    tunnel.on("connect", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n")
      tunnel.pipe(socket).pipe(tunnel)
    })
    tunnel.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, "close")
    }
  }
}
