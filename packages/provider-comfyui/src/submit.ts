/** How tasks are created. See `POST /prompt` in server.py of ComfyUI. */
import {
  accepted,
  commonInputNames,
  firstStringAt,
  jsonObject,
  readErrorDetail,
  rejected,
  unexpectedOutcome,
  unexpectedResponse,
  unknownOutcome,
  valueAt
} from "@gentask/core/provider"
import type {
  JsonObject,
  RecoverOperation,
  ResponseHead,
  SubmitOperation,
  SubmitOutcome,
  SubmitRequest
} from "@gentask/core/provider"
import type { ValidSettings } from "./settings.ts"
import { buildGraph, toValues } from "./workflow.ts"

/** The only form of a caller's id that the server accepts. */
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** Returns what is wrong with each node. */
const readNodeErrors = (body: JsonObject): ReadonlyArray<string> =>
  Object.entries(valueAt(body, "node_errors") ?? {}).map(([id, node]) => {
    const errors = valueAt(node, "errors")
    const texts = (Array.isArray(errors) ? errors : []).map((error) =>
      [firstStringAt(error, "message"), firstStringAt(error, "details")].filter(Boolean).join(": ")
    )
    return `${firstStringAt(node, "class_type") ?? "A node"} (node ${id}): ${texts.join("; ")}`
  })

const decodeError = (body: JsonObject, { status }: ResponseHead): SubmitOutcome | undefined => {
  if (status !== 400) return undefined
  const { error } = body
  const detail = typeof error === "string" ? { message: error } : readErrorDetail(body)
  const texts = [firstStringAt(error, "message") ?? detail.message, firstStringAt(error, "details")]
  const message = [...texts, ...readNodeErrors(body)]
    .flatMap((text) => text?.replace(/\.$/, "") || [])
    .join(". ")
  return rejected({ _tag: "InvalidRequest", code: firstStringAt(error, "type"), message })
}

const decode = (body: JsonObject, _head: ResponseHead, { idempotencyKey }: SubmitRequest): SubmitOutcome => {
  const id = firstStringAt(body, "prompt_id")
  if (id !== undefined) {
    const warnings = readNodeErrors(body).map((error) => `The server will not run an output. ${error}.`)
    return accepted({ id }, { status: "queued", warnings })
  }
  const reason = unexpectedResponse(body, "prompt_id")
  // The id is new for each submit, so that the task is that of the same submit.
  const isDuplicate = /prompt_id already exists/i.test(reason.message ?? "")
  return isDuplicate ? accepted({ id: idempotencyKey }) : unknownOutcome(reason)
}

export const submit: SubmitOperation<ValidSettings, JsonObject> = {
  supportedInputs: () => commonInputNames,
  toInput: toValues,
  request: (request, { workflows }) => {
    if (request.webhook !== undefined) throw new Error("Unsupported webhook: ComfyUI has none.")
    const { idempotencyKey } = request
    return {
      method: "POST",
      path: "/prompt",
      body: {
        prompt: buildGraph(request, workflows),
        ...(uuid.test(idempotencyKey) && { prompt_id: idempotencyKey })
      }
    }
  },
  response: jsonObject,
  decode,
  decodeError,
  idempotency: () => ({
    kind: "reject-duplicate",
    docs: "https://github.com/Comfy-Org/ComfyUI/blob/master/server.py"
  })
}

/** The task with the id that the submit has chosen. Servers from 2025 or earlier have no such request. */
export const recover: RecoverOperation<ValidSettings, JsonObject> = {
  request: ({ request: { idempotencyKey } }) =>
    uuid.test(idempotencyKey) ? { method: "GET", path: `/api/jobs/${idempotencyKey}` } : undefined,
  response: jsonObject,
  decode: (body) => {
    const id = firstStringAt(body, "id")
    return id === undefined
      ? unexpectedOutcome(body, "id")
      : { _tag: "Tasks", tasks: [{ id, idempotencyKey: id }], isComplete: true }
  },
  decodeError: (body, { status }) =>
    status === 404 && body["error"] === "Job not found"
      ? { _tag: "Tasks", tasks: [], isComplete: true }
      : undefined
}
