/** How tasks are created. See `POST /prompt` in server.py of ComfyUI. */
import {
  accepted,
  commonInputNames,
  firstStringAt,
  listAt,
  readErrorDetail,
  unexpectedOutcome,
  unexpectedResponse,
  unknownOutcome,
  valueAt
} from "@gentask/core/provider"
import type { ErrorFormat, JsonObject, RecoverOperation, SubmitOperation } from "@gentask/core/provider"
import type { ValidSettings } from "./settings.ts"
import { buildGraph, toValues } from "./workflow.ts"

/** The only form of a caller's id that the server accepts. */
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** Returns what is wrong with each node. */
const readNodeErrors = (body: JsonObject): ReadonlyArray<string> =>
  Object.entries(valueAt(body, "node_errors") ?? {}).map(([id, node]) => {
    const texts = listAt(node, "errors").map((error) =>
      [firstStringAt(error, "message"), firstStringAt(error, "details")].filter(Boolean).join(": ")
    )
    return `${firstStringAt(node, "class_type") ?? "A node"} (node ${id}): ${texts.join("; ")}`
  })

/** Only the server's validation of a workflow has errors that say more than the HTTP status. */
export const errors: ErrorFormat = {
  read: (body, { status }) => {
    if (status !== 400) return undefined
    const { error } = body
    const said =
      typeof error === "string" ? error : (firstStringAt(error, "message") ?? readErrorDetail(body).message)
    const message = [said, firstStringAt(error, "details"), ...readNodeErrors(body)]
      .flatMap((text) => text?.replace(/\.$/, "") || [])
      .join(". ")
    return { code: firstStringAt(error, "type"), message }
  }
}

const decode: SubmitOperation["decode"] = (body, _head, { idempotencyKey }) => {
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

export const submit: SubmitOperation<ValidSettings> = {
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
  decode,
  idempotency: () => ({
    kind: "reject-duplicate",
    docs: "https://github.com/Comfy-Org/ComfyUI/blob/master/server.py"
  })
}

/** The task with the id that the submit has chosen. Servers from 2025 or earlier have no such request. */
export const recover: RecoverOperation<ValidSettings> = {
  request: ({ request: { idempotencyKey } }) =>
    uuid.test(idempotencyKey) ? { method: "GET", path: `/api/jobs/${idempotencyKey}` } : undefined,
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
