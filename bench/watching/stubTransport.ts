import { Transport } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** The response for a running task of Jimmy AI. */
export const runningResponse = JSON.stringify({
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

/** A transport without sockets, which responds in the next turn of the event loop. It leaves only the cost of the poller. */
const respondWith = (text: () => string): Layer.Layer<Transport> =>
  Layer.succeed(
    Transport,
    Transport.of({
      send: () =>
        Effect.callback((resume) => {
          const response = {
            status: 200,
            headers: { "content-type": "application/json" },
            text: text()
          }
          const immediate = setImmediate(() => resume(Effect.succeed(response)))
          return Effect.sync(() => clearImmediate(immediate))
        }),
      open: () => Effect.die("This transport does not download.")
    })
  )

/** Always responds with the same bytes. */
export const stubTransport: Layer.Layer<Transport> = respondWith(() => runningResponse)

/** Each response has an id of its own, as those of several vendors do. */
export const numberedTransport = (): Layer.Layer<Transport> => {
  let count = 0
  return respondWith(() => `{"request_id":"${(count += 1)}",${runningResponse.slice(1)}`)
}
