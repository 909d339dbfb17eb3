/**
 * ComfyUI's prompts: submit, history, queue, jobs, and cancel.
 *
 * Documented: the paths (https://docs.comfy.org/development/comfyui-server/comms_routes). Read in server.py of ComfyUI: the
 * bodies, the caller's `prompt_id`, `prompt_id` of /interrupt, and `/api/jobs`.
 */
import { isRecord, parseObject } from "../../json.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import type { EndpointContext, ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { historyEntry, jobOf, queueItem } from "./entries.ts"
import { kindOf, parseGraph, promptOf } from "./graph.ts"

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

const done: WireResponse = { status: 200, headers: {}, body: "" }

const invalidId = {
  error: {
    type: "invalid_prompt_id",
    message: "prompt_id must be a valid UUID",
    details:
      "prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one",
    extra_info: {}
  },
  node_errors: {}
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : []

/** The routes of tasks. */
export const taskRoutes = ({ tasks, uploads }: VendorContext): readonly VendorRoute[] => {
  let count = 0

  const inPhase = (phase: "queued" | "running", now = Date.now()): readonly EmulatedTask[] =>
    tasks().filter((task) => stateAt(task, now).phase === phase)

  const parse = (request: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(request.body)
    if (body === undefined) return { rejection: { ...done, status: 500 } }
    const { prompt_id: promptId, extra_data: extraData } = body
    if (promptId != null && (typeof promptId !== "string" || !uuid.test(promptId)))
      return { rejection: jsonResponse(400, invalidId) }
    const files = new Set(uploads.read().map(({ reference }) => reference))
    const graph = parseGraph(body["prompt"], files)
    if ("node_errors" in graph) return { rejection: jsonResponse(400, graph) }
    if (tasks().some(({ id }) => id === promptId))
      return { rejection: jsonResponse(409, { error: "prompt_id already exists" }) }
    const number =
      typeof body["number"] === "number" ? body["number"] : (body["front"] === true ? -1 : 1) * count
    count += 1
    const prompt = promptOf(graph)
    const extra = {
      ...(isRecord(extraData) && extraData),
      ...("client_id" in body && { client_id: body["client_id"] })
    }
    return {
      body,
      task: {
        ...(typeof promptId === "string" && { id: promptId }),
        ...(prompt !== undefined && { prompt }),
        kind: kindOf(graph),
        data: { graph, number, extra }
      },
      accepted: ({ id }) => jsonResponse(200, { prompt_id: id, number, node_errors: {} })
    }
  }

  /** Removes a task that waits, and interrupts one that runs. Returns whether it did. */
  const cancel = (id: string, { task: find, endTask, removeTask, now }: EndpointContext): boolean => {
    const task = find(id)
    if (task === undefined) return false
    const { phase } = stateAt(task, now)
    if (phase === "queued") removeTask(task)
    else if (phase === "running") endTask(task, "canceled")
    return !hasEnded(phase)
  }

  const deleteFromQueue = (request: VendorRequest, context: EndpointContext): WireResponse => {
    const body = parseObject(request.body) ?? {}
    const ids = body["clear"] === true ? inPhase("queued").map(({ id }) => id) : textsIn(body["delete"])
    const queued = new Set(inPhase("queued", context.now).map(({ id }) => id))
    for (const id of ids) if (queued.has(id)) cancel(id, context)
    return done
  }

  const interrupt = (request: VendorRequest, context: EndpointContext): WireResponse => {
    const id = parseObject(request.body)?.["prompt_id"]
    for (const task of inPhase("running", context.now)) {
      if (!id || task.id === id) cancel(task.id, context)
    }
    return done
  }

  const history = (): WireResponse =>
    jsonResponse(
      200,
      Object.fromEntries(
        tasks().flatMap((task) => {
          const entry = historyEntry(task, Date.now())
          return entry === undefined ? [] : [[task.id, entry]]
        })
      )
    )

  const account = (path: RegExp, respond: () => WireResponse): VendorRoute => ({
    purpose: "account",
    method: "GET",
    path,
    respond
  })

  return [
    {
      purpose: "submit",
      method: "POST",
      path: /^(?:\/api)?\/prompt$/,
      maxBodySize: 100 * 1_048_576,
      parse
    },
    {
      purpose: "query",
      method: "GET",
      path: /^(?:\/api)?\/history\/(?<id>[^/]+)$/,
      respond: (task, now) => {
        const entry = historyEntry(task, now)
        return jsonResponse(200, entry === undefined ? {} : { [task.id]: entry })
      }
    },
    account(/^(?:\/api)?\/history$/, history),
    account(/^(?:\/api)?\/queue$/, () =>
      jsonResponse(200, {
        queue_running: inPhase("running").map(queueItem),
        queue_pending: inPhase("queued").map(queueItem)
      })
    ),
    account(/^(?:\/api)?\/prompt$/, () =>
      jsonResponse(200, {
        exec_info: { queue_remaining: inPhase("queued").length + inPhase("running").length }
      })
    ),
    {
      purpose: "account",
      method: "GET",
      path: /^\/api\/jobs\/(?<id>[^/]+)$/,
      respond: ({ params }, { task: find, now }) => {
        const task = find(params["id"] ?? "")
        return task === undefined
          ? jsonResponse(404, { error: "Job not found" })
          : jsonResponse(200, jobOf(task, now))
      }
    },
    {
      purpose: "cancel",
      method: "POST",
      path: /^\/api\/jobs\/(?<id>[^/]+)\/cancel$/,
      respond: ({ params }, context) => jsonResponse(200, { cancelled: cancel(params["id"] ?? "", context) })
    },
    { purpose: "cancel", method: "POST", path: /^(?:\/api)?\/queue$/, respond: deleteFromQueue },
    { purpose: "cancel", method: "POST", path: /^(?:\/api)?\/interrupt$/, respond: interrupt }
  ]
}
