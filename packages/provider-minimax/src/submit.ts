/** How tasks are created. See https://platform.minimax.io/docs/api-reference/video-generation-v2-create */
import { accepted, embedFiles, firstStringAt, withoutTaskId } from "@gentask/core/provider"
import type { SubmitOperation } from "@gentask/core/provider"
import { isSecondApi, secondApi } from "./api.ts"
import { models } from "./models/table.ts"
import { supportedInputs, toInput } from "./toInput.ts"

export const submit: SubmitOperation = {
  models,
  supportedInputs,
  toInput,
  request: ({ model, input, webhook }) => {
    const callback = webhook === undefined ? {} : { callback_url: webhook.url }
    if (isSecondApi(model))
      return { method: "POST", path: "/v2/video_generation", body: { model, ...callback, ...input } }
    // The first API has no upload.
    const body = { model, ...callback, ...embedFiles(input, "data-url") }
    return { method: "POST", path: "/v1/video_generation", body }
  },
  decode: (body, _head, { model }) => {
    const id = firstStringAt(body, "task_id")
    if (id === undefined) return withoutTaskId(body, "task_id")
    return accepted(isSecondApi(model) ? { id, params: secondApi } : { id })
  },
  // See https://platform.minimax.io/docs/guides/rate-limits. That of Hailuo, which is the lower one: H3 has 300.
  rateLimits: () => [{ requests: 20, windowMs: 60_000 }],
  // That of H3.
  maxActiveTasks: () => 30
}
