import type { McpBackend } from "./McpBackend.ts"
import type { FileRoots } from "./files/FileRoots.ts"
import type { SubmitQueue } from "./server/SubmitQueue.ts"

/** Options of an MCP server. */
export interface McpOptions {
  /** What carries out the tools. */
  readonly backend: McpBackend
  /**
   * The folders that the tools may read files from and save files to, with everything below them. Relative paths of calls
   * are below the first one. Symbolic links are resolved before a path is compared.
   */
  readonly roots: ReadonlyArray<string>
  /** Where `save` saves by default: a path below a root. @default the first root */
  readonly out?: string | undefined
  /**
   * Signs the handles of tasks and the state of confirmations, so that both survive a restart: at least 16 characters that
   * stay the same.
   */
  readonly secret: string
  /** Submits without a confirmation as long as no limit is exceeded. @default false */
  readonly autoConfirm?: boolean | undefined
  /** The version that the server reports. @default that of this package */
  readonly version?: string | undefined
}

/** What the tools of a server share. */
export interface McpContext extends Omit<McpOptions, "roots"> {
  readonly roots: FileRoots
  readonly out: string
  /** Sends submits that a limit counts one after another. */
  readonly submits: SubmitQueue
}
