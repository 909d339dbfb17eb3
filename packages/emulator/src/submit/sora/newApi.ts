/**
 * The account data of new-api relays: tasks behind the console token, and logs and usage behind the API key.
 *
 * Read in the source of QuantumNous/new-api: the paths, headers and fields. Invented: ids of rows, the group and the
 * user name.
 */
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { stateAt } from "../../TaskState.ts"
import type { TaskState } from "../../TaskState.ts"
import type { TaskPhase } from "../../TaskScript.ts"
import type { EmulatorRequest } from "../../vendors/VendorFormat.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { EndpointContext } from "../VendorEndpoint.ts"

const statuses: Record<TaskPhase, string> = {
  queued: "QUEUED",
  running: "IN_PROGRESS",
  succeeded: "SUCCESS",
  failed: "FAILURE",
  canceled: "FAILURE",
  expired: "FAILURE"
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

/** new-api reports 100% also for a failure. */
const progressOf = ({ phase, progress }: TaskState): string =>
  phase === "queued" ? "20%" : phase === "running" ? `${Math.floor(30 + progress * 69)}%` : "100%"

/** The tasks that submits of one service made. Both formats are served by new-api. */
const isOfRelay = ({ vendor, submit, dialect }: EmulatedTask): boolean =>
  submit !== null && (vendor === "sora" || (vendor === "jimeng" && dialect !== "volcengine"))

const toTaskDto = (task: EmulatedTask, index: number, now: number) => {
  const state = stateAt(task, now)
  const ended = !["queued", "running"].includes(state.phase)
  return {
    id: index + 1,
    created_at: seconds(task.addedAt),
    updated_at: seconds(ended ? state.endedAt : now),
    task_id: task.id,
    platform: task.vendor,
    user_id: 1,
    group: "default",
    quota: task.submit?.cost ?? 0,
    action: "generate",
    status: statuses[state.phase],
    fail_reason: state.phase === "failed" ? (task.failure.message ?? "failed") : "",
    submit_time: seconds(task.addedAt),
    start_time: state.phase === "queued" ? 0 : seconds(state.startedAt),
    finish_time: ended ? seconds(state.endedAt) : 0,
    progress: progressOf(state),
    properties: { input: task.prompt, origin_model_name: task.model },
    data: null
  }
}

const numberIn = (parameters: URLSearchParams, name: string, absent: number): number =>
  Number(parameters.get(name) || absent)

/** `GET /api/task/self`: the tasks of the user, newest first. It needs the console token, not the API key. */
export const listTasks = (
  { headers, search }: EmulatorRequest,
  { now, script, tasks }: EndpointContext
): WireResponse => {
  const { consoleToken = "console-token", consoleUser = "1" } = script
  const token = (headers.authorization ?? "").replace(/^Bearer +/i, "")
  if (token !== consoleToken || headers["new-api-user"] !== consoleUser)
    return jsonResponse(401, { success: false, message: "无权进行此操作，access token 无效" })
  const parameters = new URLSearchParams(search)
  const start = numberIn(parameters, "start_timestamp", 0)
  const end = numberIn(parameters, "end_timestamp", Number.MAX_SAFE_INTEGER)
  const size = numberIn(parameters, "page_size", 10)
  const page = numberIn(parameters, "p", 1)
  const matches = (dto: ReturnType<typeof toTaskDto>): boolean =>
    dto.submit_time >= start &&
    dto.submit_time <= end &&
    (["platform", "action", "status", "task_id"] as const).every((name) => {
      const wanted = parameters.get(name) ?? ""
      return wanted === "" || dto[name] === wanted
    })
  const rows = tasks()
    .filter(isOfRelay)
    .map((task, index) => toTaskDto(task, index, now))
    .filter(matches)
    .toReversed()
  const items = rows.slice((page - 1) * size, page * size)
  return jsonResponse(200, {
    success: true,
    message: "",
    data: { page, page_size: size, total: rows.length, items }
  })
}

/** `GET /api/log/token`: the log rows of the API key, newest first. Type 2 is a charge and type 6 a refund. */
export const logRows = (_: EmulatorRequest, { caller, submits, tasks }: EndpointContext): WireResponse => {
  const byId = new Map(tasks().map((task) => [task.id, task]))
  const data = submits
    .read()
    .filter(
      ({ service, apiKey, created }) =>
        created && apiKey === caller.apiKey && (service === "sora" || service === "jimeng")
    )
    .map(({ at, taskId, requestId }, index) => {
      const task = byId.get(taskId ?? "")
      return {
        id: index + 1,
        user_id: 1,
        created_at: seconds(at),
        type: 2,
        content: "",
        username: "emulator",
        token_name: "emulator",
        model_name: task?.model ?? "",
        quota: task?.submit?.cost ?? 0,
        request_id: requestId ?? "",
        other: JSON.stringify({ is_task: true })
      }
    })
    .toReversed()
  return jsonResponse(200, { success: true, message: "", data })
}

/** `GET /api/usage/token/`: the quota of the API key. */
export const tokenUsage = (_: EmulatorRequest, { balance }: EndpointContext): WireResponse =>
  jsonResponse(200, {
    code: true,
    message: "ok",
    data: {
      object: "token_usage",
      name: "emulator",
      total_granted: balance.granted,
      total_used: balance.used,
      total_available: balance.granted - balance.used,
      unlimited_quota: false,
      model_limits: {},
      model_limits_enabled: false,
      expires_at: 0
    }
  })
