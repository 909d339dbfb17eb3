/** The handler of `gentask mcp`, as a chunk of the bundle: it loads the SDK of the protocol, which no other command needs. */
export { runMcp } from "./mcp/runMcp.ts"
