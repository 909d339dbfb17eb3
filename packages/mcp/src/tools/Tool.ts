import type { CallToolResult, InputRequiredResult, ToolAnnotations } from "@modelcontextprotocol/server"
import * as z from "zod"
import type { McpContext } from "../McpOptions.ts"
import type { CallContext } from "../server/CallContext.ts"

/** The refs of tasks that a client follows by a handle. */
interface HandleRequest {
  readonly handleOf: ReadonlyArray<string>
}

/** What a tool returns: a result, a question to the user, or the tasks to create a handle of. */
export type ToolOutcome = CallToolResult | InputRequiredResult | HandleRequest

/** Whether a tool wants a handle. */
export const isHandle = (outcome: ToolOutcome): outcome is HandleRequest =>
  Array.isArray((outcome as Partial<HandleRequest>).handleOf)

/** A tool. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly annotations: ToolAnnotations
  readonly inputSchema: z.ZodType
  /** Runs the tool with arguments that match the schema. */
  readonly run: (args: unknown, context: McpContext, call: CallContext) => Promise<ToolOutcome>
}

/** What defines a tool. */
interface ToolDefinition<Schema extends z.ZodType> extends Omit<Tool, "run" | "inputSchema"> {
  readonly inputSchema: Schema
  readonly run: (args: z.output<Schema>, context: McpContext, call: CallContext) => Promise<ToolOutcome>
}

/** Defines a tool. */
export const defineTool = <Schema extends z.ZodType>(definition: ToolDefinition<Schema>): Tool => ({
  ...definition,
  run: (args, context, call) => definition.run(args as z.output<Schema>, context, call)
})

/** The maximum number of tasks of a call. */
export const maxRefs = 50

export const refSchema = z
  .string()
  .min(3)
  .max(2000)
  .describe("Task ref, as submit or list returned it: provider[@account]:taskId[?param=value]")

export const refsSchema = z.array(refSchema).min(1).max(maxRefs).describe(`Task refs, up to ${maxRefs}`)

/** The maximum length of a bounded call, in seconds. */
const maxSeconds = 280

/** How long a call may last. Clients end calls after about a minute, and some after five. */
export const maxSecondsSchema = z
  .number()
  .int()
  .min(1)
  .max(maxSeconds)
  .default(45)
  .describe("Return after this time in any case. Call again to continue: nothing is lost")
