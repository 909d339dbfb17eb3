import type { SendError, SendOptions, TransportService } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { sendDelivery } from "../../src/webhooks/sendDelivery.ts"

const event = {
  id: "jimmy:1/succeeded",
  type: "task.ended",
  ref: "jimmy:1",
  at: new Date(0),
  body: {}
} as const
const endpoint = { url: "https://hooks.example/", secrets: ["whsec_AAAA"] }

/** A transport whose requests fail, which records their options. */
const failingTransport = (error: SendError, options: Array<SendOptions | undefined>): TransportService => ({
  send: (_request, _limits, option) => {
    options.push(option)
    return Effect.fail(error)
  },
  open: () => Effect.die("unused")
})

it("has the transport refuse host names that resolve to private addresses", async () => {
  const options: Array<SendOptions | undefined> = []
  const transport = failingTransport(
    { _tag: "Unreachable", message: "hooks.example resolves to …", code: "PRIVATE_ADDRESS" },
    options
  )
  const result = await Effect.runPromise(sendDelivery(transport, event, endpoint, { allowPrivate: false }))
  expect(options).toEqual([{ allowPrivate: false }])
  expect(result).toEqual({
    _tag: "Failed",
    httpStatus: undefined,
    message: "The endpoint's host resolves to an address that is not on the public internet."
  })
})

it("reports why an endpoint cannot be reached", async () => {
  const transport = failingTransport(
    { _tag: "Unreachable", message: "hooks.example refused the connection" },
    []
  )
  expect(
    await Effect.runPromise(sendDelivery(transport, event, endpoint, { allowPrivate: true }))
  ).toMatchObject({ _tag: "Failed", message: "hooks.example refused the connection." })
})
