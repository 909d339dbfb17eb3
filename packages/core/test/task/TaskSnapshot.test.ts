import { expect, it } from "vitest"
import { toJson } from "@gentask/core"
import { normalizeSnapshot } from "../../src/exchange/normalizeSnapshot.ts"

it("is printed with instants in ISO 8601 and with inline media told by its size", () => {
  const snapshot = normalizeSnapshot(
    {
      status: "succeeded",
      rawStatus: "done",
      createdAt: 1_759_763_631,
      outputs: [
        { kind: "image", url: "https://cdn.example/1.png?Expires=1760281461" },
        { kind: "image", base64: Buffer.from("hello").toString("base64") }
      ]
    },
    {
      ref: "acme:1",
      provider: "acme",
      account: "acme",
      id: "1",
      baseUrl: new URL("https://api.example"),
      resultLifetime: {}
    }
  )
  const output = { kind: "image", role: "result", mediaType: null, width: null, height: null }
  expect(JSON.parse(JSON.stringify(toJson(snapshot)))).toEqual({
    ref: "acme:1",
    provider: "acme",
    account: "acme",
    id: "1",
    status: "succeeded",
    rawStatus: "done",
    progress: null,
    model: null,
    prompt: null,
    createdAt: "2025-10-06T15:13:51.000Z",
    updatedAt: null,
    completedAt: null,
    outputs: [
      {
        ...output,
        url: "https://cdn.example/1.png?Expires=1760281461",
        inline: null,
        expiresAt: "2025-10-12T15:04:21.000Z"
      },
      { ...output, url: null, inline: { bytes: 5 }, expiresAt: null }
    ],
    failure: null,
    warnings: []
  })
})
