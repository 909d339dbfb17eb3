/** Serves MCP over HTTP on this machine. An entry of its own, so that stdio does not load it. */
import { createHash, timingSafeEqual } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { isLoopback } from "@gentask/core/internal/addresses"
import { toNodeHandler } from "@modelcontextprotocol/node"
import {
  createMcpHandler,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader
} from "@modelcontextprotocol/server"
import type { McpOptions } from "./McpOptions.ts"
import { createServerFactory } from "./server/createServer.ts"

/** Options of `serveMcpHttp`. */
export interface McpHttpOptions extends McpOptions {
  /** A loopback address. @default "127.0.0.1" */
  readonly host?: string | undefined
  /** 0 for a free port. */
  readonly port: number
  /** What clients send as `Authorization: Bearer TOKEN`: at least 16 characters. */
  readonly token: string
}

/** A server that listens. */
export interface McpHttpServer {
  /** The URL for clients, such as `http://127.0.0.1:4371/mcp`. */
  readonly url: string
  /** Closes all connections. Submits that are under way end. */
  readonly close: () => Promise<void>
}

const path = "/mcp"
const minTokenLength = 16

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

interface Refusal {
  readonly status: number
  readonly message: string
}

/** Returns why a request is refused, before its body is read. Undefined if it may be served. */
const refuse = (
  { headers, url = "" }: IncomingMessage,
  token: Buffer,
  hostnames: Array<string>
): Refusal | undefined => {
  if (!validateHostHeader(headers.host, hostnames).ok)
    return { status: 403, message: "Invalid Host: expected this machine." }
  if (!validateOriginHeader(headers.origin, localhostAllowedOrigins()).ok)
    return { status: 403, message: "Invalid Origin: expected a page of this machine." }
  const [, given = ""] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? []
  if (!timingSafeEqual(digest(given), token))
    return { status: 401, message: "The token is missing or invalid. Send Authorization: Bearer TOKEN." }
  return url.split("?", 1)[0] === path
    ? undefined
    : { status: 404, message: `Not found. The server is at ${path}.` }
}

const sendRefusal = (response: ServerResponse, { status, message }: Refusal): void => {
  response.writeHead(status, {
    "content-type": "application/json",
    // The body was not read.
    connection: "close",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {})
  })
  response.end(JSON.stringify({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }))
}

/**
 * Serves MCP over HTTP on a loopback address. Requests need the token, a `Host` of this machine, and, if they have one, an
 * `Origin` of this machine.
 *
 * ```ts no-run
 * const server = await serveMcpHttp({ backend, roots: ["media"], secret, token, port: 0 })
 * ```
 *
 * @throws {RangeError} If the host is not a loopback address, or the token is too short.
 */
export const serveMcpHttp = async ({
  host = "127.0.0.1",
  port,
  token,
  ...options
}: McpHttpOptions): Promise<McpHttpServer> => {
  if (!isLoopback(host))
    throw new RangeError(
      `Invalid host ${JSON.stringify(host)}: expected a loopback address such as 127.0.0.1.`
    )
  if (token.length < minTokenLength)
    throw new RangeError(`Invalid token: expected at least ${minTokenLength} characters.`)
  const handler = createMcpHandler(createServerFactory(options))
  const expected = digest(token)
  const handle = toNodeHandler(handler)
  const name = host.includes(":") ? `[${host}]` : host
  // Loopback has more addresses than the well-known ones.
  const hostnames = [...localhostAllowedHostnames(), name]
  const server = createServer((request, response) => {
    const refusal = refuse(request, expected, hostnames)
    if (refusal !== undefined) return sendRefusal(response, refusal)
    const { method = "GET", url = "" } = request
    void handle(Object.assign(request, { method, url }), response)
  })
  server.listen({ host, port })
  await once(server, "listening")
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${name}:${actual}${path}`,
    close: async () => {
      await handler.close()
      const closed = once(server, "close")
      server.close()
      server.closeAllConnections()
      await closed
    }
  }
}
