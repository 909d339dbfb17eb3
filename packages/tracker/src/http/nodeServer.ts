/** The server of Node, with limits. */
import { createServer } from "node:http"
import type { Server } from "node:http"
import type { Socket } from "node:net"
import { problemTypePrefix } from "../api/ProblemJson.ts"

const maxHeaderBytes = 16 * 1024
const idleSocketMs = 120_000
const keepAliveMs = 5000

/** Limits of a server. */
export interface ServerLimits {
  /** How long a client may take to send the headers of a request, in milliseconds. */
  readonly headersMs: number
  /** How long a client may take to send a request, in milliseconds. */
  readonly requestMs: number
  /** How many connections may be open. Further ones are closed at once. */
  readonly connections: number
}

/** The limits of a server, unless a test sets others. */
export const defaultLimits: ServerLimits = { headersMs: 10_000, requestMs: 60_000, connections: 10_000 }

const parserProblems: Readonly<Record<string, { status: number; name: string; title: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, name: "headers-too-large", title: "The headers are too large" },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, name: "timeout", title: "The request took too long" }
}

/** Responds to a request that Node could not parse. */
const rejectUnparsable = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy()
  const { status, name, title } = parserProblems[error.code ?? ""] ?? {
    status: 400,
    name: "invalid-request",
    title: "The request is invalid"
  }
  const body = JSON.stringify({ type: problemTypePrefix + name, title, status })
  socket.end(
    `HTTP/1.1 ${status} Error\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

/** Creates a server with limits. Nothing listens yet. */
export const makeNodeServer = ({ headersMs, requestMs, connections }: ServerLimits): Server => {
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    // Node looks for late requests only this often.
    connectionsCheckingInterval: Math.min(1000, headersMs),
    keepAliveTimeout: keepAliveMs
  })
  server.maxConnections = connections
  server.setTimeout(idleSocketMs)
  server.on("clientError", rejectUnparsable)
  return server
}

/** How long requests may continue after a server starts to close, in milliseconds. */
export const gracefulMs = 5000

const idleCheckMs = 50

/**
 * Closes the connections of a closing server as soon as they are idle, and all of them after a time. Node closes idle
 * connections only once. Those that become idle later, or have not sent a request yet, would stay open.
 */
export const closeConnections = (server: Server, sockets: ReadonlySet<Socket>): void => {
  const closeIdle = (): void => {
    server.closeIdleConnections()
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }
  closeIdle()
  const idleCheck = setInterval(closeIdle, idleCheckMs)
  const deadline = setTimeout(() => server.closeAllConnections(), gracefulMs)
  server.once("close", () => {
    clearInterval(idleCheck)
    clearTimeout(deadline)
  })
}

/** Returns the open connections of a server. */
export const trackSockets = (server: Server): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  return sockets
}
