import { expect, it } from "vitest"
import { toJson } from "@gentask/core"
import { makeOutput, makeSnapshot } from "../support/snapshot.ts"

const snapshot = makeSnapshot({
  createdAt: new Date("2025-10-06T15:13:51Z"),
  outputs: [
    makeOutput({ url: "https://cdn.example/1.png", expiresAt: new Date("2025-10-12T15:04:21Z") }),
    makeOutput({ url: null, inline: { base64: "aGVsbG8=", bytes: 5 } })
  ]
})

it("converts dates to ISO 8601 text and inline media to its size", () => {
  const json = toJson(snapshot)
  expect(json).toEqual({
    ...snapshot,
    createdAt: "2025-10-06T15:13:51.000Z",
    outputs: [
      { ...snapshot.outputs[0], expiresAt: "2025-10-12T15:04:21.000Z" },
      { ...snapshot.outputs[1], inline: { bytes: 5 } }
    ]
  })
  expect(JSON.parse(JSON.stringify(json))).toEqual(json)
})

it("keeps the order of the keys", () => {
  expect(Object.keys(toJson(snapshot))).toEqual(Object.keys(snapshot))
})

it("writes canResubmit of a failure as resubmit", () => {
  const failure = {
    reason: "moderation",
    code: "1",
    message: null,
    requestId: null,
    canResubmit: false
  } as const
  expect(toJson({ ...snapshot, status: "failed", failure }).failure).toEqual({
    reason: "moderation",
    code: "1",
    message: null,
    requestId: null,
    resubmit: false
  })
})
