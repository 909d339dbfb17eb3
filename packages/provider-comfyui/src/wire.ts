/**
 * The responses of the server: the members that the verdict depends on. See
 * https://docs.comfy.org/development/comfyui-server/comms_routes and server.py of ComfyUI.
 */
import * as z from "zod"

/** `GET /history/{id}`: the task by its id once it has ended, and otherwise an empty object. */
export const historyResponse = z.record(z.string(), z.unknown())

export type HistoryResponse = z.infer<typeof historyResponse>

/** `GET /queue`. Each task is a list: its number, its id, its graph and more. */
export const queueResponse = z.looseObject({
  queue_running: z.array(z.unknown()),
  queue_pending: z.array(z.unknown())
})

export type QueueResponse = z.infer<typeof queueResponse>
