/** A transport that answers in the next turn of the event loop, without a socket: what is left is the poller's own cost. */
import { Transport } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** A task of Jimmy AI that goes on for ever. */
export const running = JSON.stringify({
  code: "20000",
  msg: "ok",
  data: {
    task_id: "1234",
    status: "processing",
    progress: 40,
    model: "gpt-image-2",
    created_at: 1_767_225_600,
    completed_at: 0,
    result: { video_url: "", image_url: "" },
    error_message: ""
  }
})

export const stub: Layer.Layer<Transport> = Layer.succeed(
  Transport,
  Transport.of({
    send: () =>
      Effect.callback((resume) => {
        const answer = { status: 200, headers: { "content-type": "application/json" }, text: running }
        const immediate = setImmediate(() => resume(Effect.succeed(answer)))
        return Effect.sync(() => clearImmediate(immediate))
      }),
    open: () => Effect.die("Nothing is downloaded here")
  })
)
