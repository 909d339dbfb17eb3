/** Connects real MCP clients to `gentask mcp`: those of the current revision and of 2025, over stdio and HTTP. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client/index.js"
import { StdioClientTransport as StdioTransport2025 } from "@modelcontextprotocol/sdk/client/stdio.js"
import { StreamableHTTPClientTransport as HttpTransport2025 } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import { assert, vi } from "vitest"
import { main, start } from "./gentask.ts"
import type { RunningProcess } from "./gentask.ts"

/** What a tool returned. */
export interface ToolResult {
  readonly text: string
  readonly record: Readonly<Record<string, unknown>>
  readonly isError: boolean
}

/** A connected client. */
export interface TestClient extends AsyncDisposable {
  /** Calls a tool. */
  readonly call: (
    name: string,
    args?: Record<string, unknown>,
    options?: { readonly onprogress?: () => void; readonly signal?: AbortSignal }
  ) => Promise<ToolResult>
  readonly client: Client
  /** The id of the server's process, if the client has started it. */
  readonly pid: number | null
}

/** How a client connects. */
export interface ClientOptions {
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly args?: ReadonlyArray<string>
  /** Decides whether to confirm a submit. Without it, the client cannot ask its user. */
  readonly confirm?: (message: string) => boolean | Promise<boolean>
}

const read = (result: unknown): ToolResult => {
  const { content, structuredContent, isError } = result as {
    readonly content: ReadonlyArray<{ readonly type: string; readonly text: string }>
    readonly structuredContent: Readonly<Record<string, unknown>>
    readonly isError?: boolean
  }
  assert.lengthOf(content, 1)
  return { text: content[0]?.text ?? "", record: structuredContent, isError: isError === true }
}

const info = { name: "test", version: "1.0.0" }

const createClient = (confirm: ClientOptions["confirm"]): Client => {
  const client = new Client(info, {
    capabilities: confirm === undefined ? {} : { elicitation: {} },
    versionNegotiation: { mode: "auto" }
  })
  if (confirm !== undefined)
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      const isConfirmed = await confirm(params.message)
      return isConfirmed ? { action: "accept", content: { confirm: true } } : { action: "decline" }
    })
  return client
}

const variables = ({ env, cwd }: ClientOptions): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: cwd,
  ...env
})

/** How a client starts `gentask mcp`. */
const serverOf = (options: ClientOptions) => ({
  command: process.execPath,
  args: [main, "mcp", "--root", options.cwd, ...(options.args ?? [])],
  env: variables(options),
  cwd: options.cwd
})

/** Starts `gentask mcp`, and connects a client of the current revision. */
export const connectStdio = async (options: ClientOptions): Promise<TestClient> => {
  const client = createClient(options.confirm)
  const transport = new StdioClientTransport(serverOf(options))
  await client.connect(transport)
  return {
    client,
    pid: transport.pid,
    call: async (name, args = {}, extra = {}) =>
      read(await client.callTool({ name, arguments: args }, extra)),
    [Symbol.asyncDispose]: () => client.close()
  }
}

/** Starts `gentask mcp`, and connects a client of 2025. */
export const connect2025 = async (
  options: ClientOptions
): Promise<Pick<TestClient, "call"> & AsyncDisposable & { readonly client: Client2025 }> => {
  const { confirm } = options
  const client = new Client2025(info, { capabilities: confirm === undefined ? {} : { elicitation: {} } })
  if (confirm !== undefined)
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) =>
      (await confirm(params.message))
        ? { action: "accept", content: { confirm: true } }
        : { action: "decline" }
    )
  const transport = new StdioTransport2025(serverOf(options))
  await client.connect(transport)
  return {
    client,
    call: async (name, args = {}, extra = {}) =>
      read(await client.callTool({ name, arguments: args }, undefined, extra)),
    [Symbol.asyncDispose]: () => client.close()
  }
}

/** A running `gentask mcp --http`. */
export interface HttpServer {
  readonly url: string
  readonly token: string
  readonly process: RunningProcess
}

/** Starts `gentask mcp --http`, and waits until it listens. */
export const startHttp = async (options: ClientOptions): Promise<HttpServer> => {
  const args = options.args ?? ["--http", "0"]
  const running = start(["mcp", "--root", options.cwd, ...args], {
    env: options.env,
    cwd: options.cwd
  })
  const url = await vi.waitFor(() => {
    const [, found] = /running at (\S+) until/.exec(running.stderr()) ?? []
    assert.isDefined(found, running.stderr())
    return found
  }, 20_000)
  return { url, token: running.stdout().trim(), process: running }
}

/** Connects a client of 2025 over HTTP. */
export const connectHttp2025 = async ({
  url,
  token
}: Pick<HttpServer, "url" | "token">): Promise<
  Pick<TestClient, "call"> & AsyncDisposable & { readonly client: Client2025 }
> => {
  // A client that could ask its user, which needs a session.
  const client = new Client2025(info, { capabilities: { elicitation: {} } })
  await client.connect(
    new HttpTransport2025(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } })
  )
  return {
    client,
    call: async (name, args = {}, extra = {}) =>
      read(await client.callTool({ name, arguments: args }, undefined, extra)),
    [Symbol.asyncDispose]: () => client.close()
  }
}

/** Connects a client of the current revision over HTTP. */
export const connectHttp = async (
  { url, token }: Pick<HttpServer, "url" | "token">,
  confirm?: ClientOptions["confirm"]
): Promise<TestClient> => {
  const client = createClient(confirm)
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { authorization: `Bearer ${token}` } }
    })
  )
  return {
    client,
    pid: null,
    call: async (name, args = {}, extra = {}) =>
      read(await client.callTool({ name, arguments: args }, extra)),
    [Symbol.asyncDispose]: () => client.close()
  }
}
