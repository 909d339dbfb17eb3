/** The methods of the tasks extension: handles of waits, which clients poll. */
import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode
} from "@modelcontextprotocol/server"
import type { CallToolResult, Server } from "@modelcontextprotocol/server"
import * as z from "zod"
import type { McpContext } from "../McpOptions.ts"
import { settle } from "../tools/settle.ts"
import type { SettledTask } from "../tools/settle.ts"
import { nextPollMs, waitResult } from "../tools/wait.ts"
import { callContext, tasksExtension } from "./CallContext.ts"
import type { CallContext } from "./CallContext.ts"
import { Signer } from "./handles.ts"

const purpose = "task"

/** How long `tasks/get` waits for a report, in seconds. */
const pollSeconds = 1

const handleSchema = z.object({ refs: z.array(z.string()), at: z.number() })

type Handle = z.output<typeof handleSchema>

const paramsSchema = z.looseObject({ taskId: z.string().max(200_000) })
const resultSchema = z.looseObject({})

/** Handles of canceled waits. A cancel ends the wait of this process, and never the task at the vendor. */
const maxCanceled = 1000

const describe = (taskId: string, { at }: Handle, settled: ReadonlyArray<SettledTask>) => {
  const snapshots = settled.map(({ snapshot }) => snapshot)
  const running = settled.filter(({ error }) => error?._tag === "StillRunning").length
  return {
    taskId,
    createdAt: new Date(at).toISOString(),
    lastUpdatedAt: new Date().toISOString(),
    // The refs in the handle stay valid.
    ttlMs: null,
    pollIntervalMs: nextPollMs(snapshots, Date.now()),
    statusMessage: `${settled.length - running} of ${settled.length} tasks have ended.`
  }
}

/** The handles of the tasks extension. They contain the refs, signed, so that they need no storage. */
export class TaskHandles {
  readonly #context: McpContext
  readonly #signer: Signer
  readonly #canceled = new Set<string>()
  readonly #polls = new Map<string, Promise<ReadonlyArray<SettledTask>>>()

  constructor(context: McpContext) {
    this.#context = context
    this.#signer = new Signer(context.secret)
  }

  /** Returns the result that hands out a handle. */
  create(refs: ReadonlyArray<string>): object {
    const handle = { refs: [...refs], at: Date.now() }
    const taskId = this.#signer.sign(purpose, handle)
    const details = { ...describe(taskId, handle, []), statusMessage: "Waiting for the vendor." }
    return { resultType: "task", status: "working", ...details }
  }

  /** Registers the methods of the extension. */
  register(server: Server, finish: (result: CallToolResult) => object): void {
    const schemas = { params: paramsSchema, result: resultSchema }
    const handler = (
      run: (taskId: string, handle: Handle, call: CallContext) => object | Promise<object>
    ) => {
      return async ({ taskId }: z.output<typeof paramsSchema>, ctx: Parameters<typeof callContext>[0]) => {
        const call = callContext(ctx, undefined)
        if (!call.acceptsTasks)
          throw new MissingRequiredClientCapabilityError({
            requiredCapabilities: { extensions: { [tasksExtension]: {} } }
          })
        return { ...(await run(taskId, this.#read(taskId), call)) }
      }
    }
    server.setRequestHandler(
      "tasks/get",
      schemas,
      handler((taskId, handle, call) => this.#get(taskId, handle, call, finish))
    )
    // A wait never needs input.
    server.setRequestHandler(
      "tasks/update",
      schemas,
      handler(() => ({}))
    )
    server.setRequestHandler(
      "tasks/cancel",
      schemas,
      handler((taskId) => {
        if (this.#canceled.size < maxCanceled) this.#canceled.add(taskId)
        return {}
      })
    )
  }

  #read(taskId: string): Handle {
    const handle = handleSchema.safeParse(this.#signer.read(purpose, taskId)).data
    if (handle === undefined)
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        "Unknown taskId: this server has not created it."
      )
    return handle
  }

  async #get(
    taskId: string,
    handle: Handle,
    call: CallContext,
    finish: (result: CallToolResult) => object
  ): Promise<object> {
    const settled = await this.#poll(taskId, handle, call)
    const details = describe(taskId, handle, settled)
    const isRunning = settled.some(({ error }) => error?._tag === "StillRunning")
    if (!isRunning) return { ...details, status: "completed", result: finish(waitResult(settled, 45)) }
    return { ...details, status: this.#canceled.has(taskId) ? "cancelled" : "working" }
  }

  /** Polls of one handle at the same time cost one query. */
  #poll(taskId: string, { refs }: Handle, call: CallContext): Promise<ReadonlyArray<SettledTask>> {
    const current = this.#polls.get(taskId)
    if (current !== undefined) return current
    const silent = { ...call, progress: undefined, signal: AbortSignal.timeout(60_000) }
    const poll = settle(refs, pollSeconds, this.#context, silent).finally(() => this.#polls.delete(taskId))
    this.#polls.set(taskId, poll)
    return poll
  }
}
