import { expect, it } from "vitest"
import { toJson } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"

const output = { kind: "image", role: "result", mediaType: null, width: null, height: null } as const

const snapshot: TaskSnapshot = {
  ref: "acme:1",
  provider: "acme",
  account: "acme",
  id: "1",
  status: "succeeded",
  rawStatus: "done",
  progress: null,
  model: null,
  prompt: null,
  createdAt: new Date("2025-10-06T15:13:51Z"),
  updatedAt: null,
  completedAt: null,
  outputs: [
    {
      ...output,
      url: "https://cdn.example/1.png",
      inline: null,
      expiresAt: new Date("2025-10-12T15:04:21Z")
    },
    { ...output, url: null, inline: { base64: "aGVsbG8=", bytes: 5 }, expiresAt: null }
  ],
  failure: null,
  warnings: []
}

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
