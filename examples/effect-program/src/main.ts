/** Combines the layers and runs the program: `pnpm start jimmy:1234 sora:sora-2:task_01k6…`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Tasks, UndiciTransport } from "@gentask/core/effect"
import { accounts } from "./Accounts.ts"
import { Gallery } from "./Gallery.ts"
import { pollPolicy, retryPolicy } from "./Policies.ts"
import * as ProxyTransport from "./ProxyTransport.ts"
import * as Telemetry from "./Telemetry.ts"
import { program } from "./program.ts"

const { HTTP_PROXY, HTTPS_PROXY } = process.env
const transport =
  HTTP_PROXY === undefined && HTTPS_PROXY === undefined ? UndiciTransport.layer : ProxyTransport.layer

const tasks = Tasks.layerNoTransport({ providers: accounts, pollPolicy, retryPolicy }).pipe(
  Layer.provide(transport)
)

program(process.argv.slice(2)).pipe(
  Effect.provide(
    Gallery.layerFolder("out").pipe(
      Layer.provideMerge(tasks),
      // Provided to the layer of the tasks too, because polls belong to that layer.
      Layer.provideMerge(Telemetry.layer)
    )
  ),
  NodeRuntime.runMain
)
