import { CLIENT_CAPABILITIES_META_KEY } from "@modelcontextprotocol/server"
import type { ClientCapabilities, ServerContext } from "@modelcontextprotocol/server"

/** The identifier of the tasks extension. */
export const tasksExtension = "io.modelcontextprotocol/tasks"

/** One request of a client. */
export interface CallContext {
  /** Aborted if the client cancels the request or disconnects. */
  readonly signal: AbortSignal
  /** Whether the client can ask its user a question. */
  readonly canElicit: boolean
  /** Whether the client has declared the tasks extension in this request. */
  readonly acceptsTasks: boolean
  readonly inputResponses: Readonly<Record<string, unknown>> | undefined
  readonly requestState: string | undefined
  /** Sends a progress notification, if the client wants them. */
  readonly progress: ((message: string) => void) | undefined
}

const canElicit = ({ elicitation }: ClientCapabilities): boolean =>
  elicitation !== undefined && (Object.keys(elicitation).length === 0 || "form" in elicitation)

/**
 * Reads what a request says about its client.
 *
 * @param legacy The capabilities that a client of 2025 declared when it connected.
 */
export const callContext = (
  { mcpReq }: ServerContext,
  legacy: ClientCapabilities | undefined
): CallContext => {
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined
  const token = mcpReq._meta?.progressToken
  let count = 0
  const state = mcpReq.requestState()
  return {
    signal: mcpReq.signal,
    canElicit: canElicit(declared ?? legacy ?? {}),
    // Clients of 2025 do not know this extension.
    acceptsTasks: declared?.extensions?.[tasksExtension] !== undefined,
    inputResponses: mcpReq.inputResponses,
    requestState: typeof state === "string" ? state : undefined,
    progress:
      token === undefined
        ? undefined
        : (message) => {
            count += 1
            const params = { progressToken: token, progress: count, message }
            // A client that has gone needs no progress.
            mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined)
          }
  }
}
