import type { Transport } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { TasksLayer } from "../tasks/tasksLayer.ts"
import type { TrackerAddress } from "./TrackerAddress.ts"

/** The layer of a command that a tracker carries out. */
export const trackerLayer =
  (address: TrackerAddress, transport: Layer.Layer<Transport>): TasksLayer =>
  () =>
    Layer.unwrap(
      Effect.map(
        Effect.promise(() => import("./remoteTasks.ts")),
        ({ remoteTasksLayer }) => remoteTasksLayer(address, transport)
      )
    )
