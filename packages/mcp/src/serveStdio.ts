import { serveStdio as serve } from "@modelcontextprotocol/server/stdio"
import type { McpOptions } from "./McpOptions.ts"
import { createServerFactory } from "./server/createServer.ts"

/** A running server. */
export interface McpServerHandle {
  /** Resolves when the client has closed its end. */
  readonly closed: Promise<void>
  /** Closes the connection. Calls that are under way are aborted, except submits. */
  readonly close: () => Promise<void>
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
  const handle = serve(createServerFactory(options), {
    onerror: (error) => void process.stderr.write(`gentask: ${error.message.replace(/\s+/g, " ")}\n`)
  })
  const closed = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve)
    process.stdin.once("close", resolve)
    process.stdin.once("error", () => resolve())
  })
  return { closed, close: () => handle.close() }
}
