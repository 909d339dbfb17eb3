/** An MCP server for AI image and video tasks. See `@gentask/mcp/http` for HTTP. */
export { clientBackend } from "./clientBackend.ts"
export type { ClientBackendOptions } from "./clientBackend.ts"
export { CallError } from "./results/errorResult.ts"
export type {
  CallOptions,
  McpBackend,
  McpModel,
  PreparedSubmit,
  SaveCallOptions,
  TaskOperations,
  WaitAllOptions
} from "./McpBackend.ts"
export type { McpOptions } from "./McpOptions.ts"
export { createServerFactory } from "./server/createServer.ts"
export { serveMcpStdio } from "./serveStdio.ts"
export type { McpServerHandle } from "./serveStdio.ts"
