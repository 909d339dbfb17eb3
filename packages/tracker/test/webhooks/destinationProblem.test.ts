import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { destinationProblem } from "../../src/webhooks/destinationProblem.ts"
import { MemoryDeliveries } from "../support/memoryDeliveries.ts"
import { runWebhooks } from "../support/runWebhooks.ts"

const refused: ReadonlyArray<string> = [
  "hooks",
  "ftp://hooks.example/",
  "file:///etc/passwd",
  "http://hooks.example/",
  "https://user:secret@hooks.example/",
  "https://localhost/",
  "https://a.localhost./",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f.0.0.1/",
  "https://0.0.0.0/",
  "https://10.0.0.1/",
  "https://172.16.0.1/",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[fe80::1]/",
  "https://[fc00::1]/",
  "https://[2002:7f00:1::]/",
  "https://metadata.google.internal/",
  "https://nas.local/",
  "https://intranet/",
  `https://hooks.example/${"a".repeat(2048)}`
]

describe("destinationProblem", () => {
  it.each(refused)("refuses %s", (url) => {
    expect(destinationProblem(url, { allowPrivate: false })).toMatch(/^it|^its host/)
  })

  it.each(["https://hooks.example/a?b=c", "https://hooks.example:8443/", "https://1.1.1.1/"])(
    "allows %s",
    (url) => {
      expect(destinationProblem(url, { allowPrivate: false })).toBeUndefined()
    }
  )

  it("allows plain http and private hosts on request, but no credentials and no other scheme", () => {
    const rules = { allowPrivate: true }
    expect(destinationProblem("http://192.168.1.1:8080/", rules)).toBeUndefined()
    expect(destinationProblem("http://localhost/", rules)).toBeUndefined()
    expect(destinationProblem("http://user@localhost/", rules)).toBe("it contains a user name or a password")
    expect(destinationProblem("ftp://localhost/", rules)).toBe("it is not an http or https URL")
  })
})

describe("endpoints", () => {
  const strict = { allowPrivate: false }

  it("rejects an endpoint with a private URL or an unknown type of events", async () => {
    const store = new MemoryDeliveries()
    const errors = await runWebhooks(
      store,
      ({ endpoints }) =>
        Effect.gen(function* () {
          const { id } = yield* endpoints.create({ url: "https://hooks.example", events: [] })
          return yield* Effect.all([
            Effect.flip(endpoints.create({ url: "https://10.0.0.1/", events: [] })),
            Effect.flip(endpoints.create({ url: "https://hooks.example/", events: ["task.eaten"] })),
            Effect.flip(endpoints.update(id, { url: "http://hooks.example/" }))
          ])
        }),
      strict
    )
    expect(errors).toMatchObject([
      { _tag: "InvalidEndpoint", field: "url" },
      { _tag: "InvalidEndpoint", field: "events" },
      { _tag: "InvalidEndpoint", field: "url" }
    ])
    expect([...store.endpoints.values()]).toMatchObject([{ url: "https://hooks.example/" }])
  })

  it("returns nothing for an unknown id", async () => {
    const results = await runWebhooks(new MemoryDeliveries(), ({ endpoints }) =>
      Effect.all([
        endpoints.update("we_1", { isEnabled: false }),
        endpoints.rotate("we_1"),
        endpoints.test("we_1"),
        endpoints.replay("we_1"),
        endpoints.remove("we_1")
      ])
    )
    expect(results).toEqual([undefined, undefined, undefined, undefined, false])
  })

  it("sends nothing to a stored endpoint whose URL is not allowed any more", async () => {
    const store = new MemoryDeliveries()
    store.endpoints.set("we_1", {
      id: "we_1",
      url: "http://127.0.0.1:9/",
      events: [],
      secrets: ["whsec_AAAA"],
      isEnabled: true,
      createdAt: new Date(0)
    })
    expect(await runWebhooks(store, ({ endpoints }) => endpoints.test("we_1"), strict)).toEqual({
      isDelivered: false,
      status: null,
      error: "The endpoint's URL is not allowed: it is not an https URL."
    })
  })
})
