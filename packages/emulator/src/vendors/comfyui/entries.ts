/**
 * What ComfyUI reports about tasks: the entries of the history and of the queue.
 *
 * Read in execution.py and comfy_execution/jobs.py of ComfyUI: the fields and the events. Invented: the names of files
 * start with the id of their task, tasks run at the same time, and the exception of a failed task.
 */
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { isRecord } from "../../json.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import { failureMessage } from "../VendorFormat.ts"
import { outputNodes } from "./graph.ts"
import type { Graph } from "./graph.ts"

/** The graph of a task that no request has submitted. */
const sampleGraph: Graph = {
  "9": { class_type: "SaveImage", inputs: { images: ["8", 0], filename_prefix: "ComfyUI" } }
}

const graphOf = ({ data }: EmulatedTask): Graph =>
  isRecord(data["graph"]) ? (data["graph"] as Graph) : sampleGraph

/** The number, the id, the graph, more data, and the nodes that create outputs. */
export const queueItem = (task: EmulatedTask) => {
  const graph = graphOf(task)
  const { number, extra } = task.data
  return [
    typeof number === "number" ? number : 0,
    task.id,
    graph,
    { ...(isRecord(extra) && extra), create_time: task.addedAt },
    outputNodes(graph)
  ] as const
}

const fileName = /^(?<id>.+)_(?<index>\d{5})_\.\w+$/

/** The id of the task in the name of a file. */
export const taskOfFile = (name: string): string | undefined => fileName.exec(name)?.groups?.["id"]

const outputsOf = (task: TaskView) => {
  const files = listedResults(task).map(({ type, index }) => ({
    filename: `${task.id}_${String(index + 1).padStart(5, "0")}_.${type}`,
    subfolder: "",
    type: "output"
  }))
  const [node = "9"] = outputNodes(graphOf(task))
  const isVideo = task.kind === "video"
  return {
    [node]: task.kind === "audio" ? { audio: files } : { images: files, ...(isVideo && { animated: [true] }) }
  }
}

const exceptionOf = (task: TaskView) => ({
  node_id: "3",
  node_type: "KSampler",
  executed: [],
  exception_message: failureMessage(task, task.end === "never" ? "failed" : task.end, "Allocation on device"),
  exception_type: String(task.failure.code ?? "torch.OutOfMemoryError"),
  traceback: [],
  current_inputs: {},
  current_outputs: []
})

/** The task in the history, which has it once it has ended. */
export const historyEntry = (task: TaskView, now: number) => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  // No server has such an entry: only a script with a status of its own does.
  if (!hasEnded(phase) && task.statuses[phase] === undefined) return undefined
  const isSuccess = phase === "succeeded"
  const at = (timestamp: number) => ({ prompt_id: task.id, timestamp })
  const end = isSuccess
    ? ["execution_success", at(endedAt)]
    : phase === "canceled"
      ? ["execution_interrupted", { ...at(endedAt), node_id: "3", node_type: "KSampler", executed: [] }]
      : ["execution_error", { ...at(endedAt), ...exceptionOf(task) }]
  return {
    prompt: queueItem(task),
    outputs: isSuccess ? outputsOf(task) : {},
    status: {
      status_str: task.statuses[phase] ?? (isSuccess ? "success" : "error"),
      completed: isSuccess,
      messages: [
        ["execution_start", at(startedAt)],
        ["execution_cached", { ...at(startedAt), nodes: [] }],
        ...(hasEnded(phase) ? [end] : [])
      ]
    },
    meta: {}
  }
}

const jobStatuses: Readonly<Record<string, string>> = {
  queued: "pending",
  running: "in_progress",
  succeeded: "completed",
  canceled: "cancelled"
}

/** The task as `/api/jobs` reports it. */
export const jobOf = (task: EmulatedTask, now: number) => {
  const { phase, endedAt } = stateAt(task, now)
  const [priority] = queueItem(task)
  return {
    id: task.id,
    status: jobStatuses[phase] ?? "failed",
    priority,
    create_time: task.addedAt,
    ...(hasEnded(phase) && { execution_end_time: endedAt, outputs: historyEntry(task, now)?.outputs })
  }
}
