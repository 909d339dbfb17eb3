import { serveStdio as serve, StdioServerTransport } from "@modelcontextprotocol/server/stdio"
import type { McpOptions } from "./McpOptions.ts"
import { createServerFactory } from "./server/createServer.ts"

/** A running server. */
export interface McpServerHandle {
  /** Resolves when the connection has ended: the client has closed its end, or has sent more than 10 MiB at once. */
  readonly closed: Promise<void>
  /** Closes the connection. Calls that are under way are aborted, except submits. */
  readonly close: () => Promise<void>
}

/** Reports its end. It also closes itself: if a message is too large, or if nothing can be written. */
class ClosingTransport extends StdioServerTransport {
  readonly closed: Promise<void>
  readonly #resolve: () => void

  constructor() {
    super()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.closed = promise
    this.#resolve = resolve
  }

  override async close(): Promise<void> {
    await super.close()
    this.#resolve()
  }
}

/**
 * Serves MCP on the standard input and output, until the client closes the input. Nothing else may be written to the
 * standard output.
 *
 * ```ts no-run
 * await serveMcpStdio({ backend, roots: [process.cwd()], secret }).closed
 * ```
 */
export const serveMcpStdio = (options: McpOptions): McpServerHandle => {
  const transport = new ClosingTransport()
  const handle = serve(createServerFactory(options), {
    transport,
    onerror: (error) => void process.stderr.write(`gentask: ${error.message.replace(/\s+/g, " ")}\n`)
  })
  process.stdin.once("error", () => void transport.close())
  return { closed: transport.closed, close: () => handle.close() }
}
