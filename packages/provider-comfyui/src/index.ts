/** The gentask provider for the workflows of a ComfyUI server. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import { decode, request, statuses } from "./decode.ts"
import { cancel, upload } from "./operations.ts"
import { settings } from "./settings.ts"
import type { ComfyuiSettings } from "./settings.ts"
import { errors, recover, submit } from "./submit.ts"
import { historyResponse } from "./wire.ts"

export type { ComfyuiSettings } from "./settings.ts"
export type { Workflow, WorkflowNode } from "./workflow.ts"

/**
 * The provider for ComfyUI, on this machine or in the user's network. The history has a task once it has ended, and the
 * queue until then. The server has no API keys, no rate limits and no prices, and keeps results until the user deletes
 * them. A key is sent as a bearer token, for a proxy in front of the server.
 *
 * @see https://docs.comfy.org/development/comfyui-server/comms_routes
 */
const spec = defineProvider({
  specVersion: 1,
  id: "comfyui",
  title: "ComfyUI",
  docs: "https://docs.comfy.org/development/comfyui-server/comms_routes",
  examples: ["comfyui:0c6f5d2e-8156-4b1f-9f0e-1c6a3a4b8f11"],
  mediaKinds: ["image", "video", "animation", "audio", "model"],
  statuses,
  endpoints: { local: { baseUrl: "http://127.0.0.1:8188" } },
  apiKey: "optional",
  requires: ["optional-key", "bodies"],
  settings,
  errors,
  query: {
    request,
    response: historyResponse,
    decode: (history, _head, task) => decode(history, task)
  },
  submit,
  cancel,
  upload,
  recover
})

export default spec

/**
 * Configures a ComfyUI server.
 *
 * ```ts
 * const gentask = createGentask({
 *   providers: [comfyui({ baseUrl: "http://192.168.1.5:8188", workflows: { portrait } })]
 * })
 * const ref = await gentask.submit({ account: "comfyui", model: "portrait", prompt: "A fox in the snow" })
 * ```
 *
 * @param options The server, and {@link ComfyuiSettings}.
 */
export const comfyui: ProviderFactory<ComfyuiSettings, "local", { readonly [name in never]: never }> =
  providerFactory(spec)
