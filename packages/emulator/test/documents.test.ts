/** The emulator's responses compared with the examples of the vendors' documents. */
import { assert, describe, it } from "vitest"
import { differences, example, jimengUrl, queryJimeng, queryTask, send, shape, start } from "./support.ts"

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly example: string
}

const namesIn = (url: string): readonly string[] => [...new URL(url).searchParams.keys()]

const typeOf = (value: unknown): string => (Number.isInteger(value) ? "integer" : typeof value)

/** The differences between a value and a schema. */
const schemaErrors = (value: unknown, schema: Schema | undefined, path = ""): readonly string[] => {
  if (schema === undefined) return [`${path} is not in the schema`]
  if (typeOf(value) !== schema.type) return [`${path} is ${typeOf(value)}, not ${schema.type}`]
  if (schema.properties === undefined || typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    schemaErrors(member, schema.properties?.[key], `${path}.${key}`)
  )
}

describe("Jimmy AI: the schema of the page 查询图片任务", () => {
  const scripts = [
    { name: "queued", script: { queuedFor: 60_000 } },
    { name: "running", script: { runningFor: 60_000 } },
    { name: "succeeded image", script: {} },
    { name: "succeeded video", script: { kind: "video" } },
    { name: "failed", script: { end: "failed" } },
    { name: "canceled", script: { end: "canceled" } },
    { name: "expired", script: { end: "expired" } }
  ] as const
  it.each(scripts)("matches the response for a $name task", async ({ script }) => {
    const emulator = await start()
    const schema = await example("000-VideoQueryResponse-schema")
    const { status, body } = await queryTask(emulator, emulator.addTask({ vendor: "jimmy", ...script }))
    assert.strictEqual(status, 200)
    assert.deepEqual(schemaErrors(body, schema), [])
    assert.deepEqual({ code: body.code, msg: body.msg }, { code: "20000", msg: "ok" })
  })

  it("contains only fields that a response has at some point", async () => {
    const emulator = await start()
    const schema = await example("000-VideoQueryResponse-schema")
    const responses = await Promise.all(
      ([{}, { kind: "video" }, { end: "failed" }] as const).map((script) =>
        queryTask(emulator, emulator.addTask({ vendor: "jimmy", ...script }))
      )
    )
    const data = Object.assign({}, ...responses.map(({ body }) => body.data))
    const results = Object.assign({}, ...responses.map(({ body }) => body.data.result))
    assert.sameMembers(Object.keys(data), Object.keys(schema.properties.data.properties))
    assert.sameMembers(Object.keys(results), Object.keys(schema.properties.data.properties.result.properties))
  })
})

describe("Sora: the examples of the api.jxincm.cn query page", () => {
  const id = "sora-2:task_01k6x15vhrff09dkkqjrzwhm60"

  it("include a request that the emulator accepts", async () => {
    const emulator = await start()
    const parameters: readonly Parameter[] = await example("001-request-parameters")
    const documented = parameters.find(({ name }) => name === "id")?.example ?? ""
    const headers = Object.fromEntries(
      parameters
        .filter((each) => each.in === "header" && each.name !== "X-Forwarded-Host")
        .map((each) => [each.name, each.example.replace("{{YOUR_API_KEY}}", emulator.apiKey)])
    )
    emulator.addTask({ vendor: "sora", id: documented })
    const { body } = await send(`${emulator.url}/v1/video/query?id=${documented}`, { headers })
    assert.strictEqual(body.id, documented)
  })

  it("match the response for a pending task", async () => {
    const emulator = await start()
    const documented = await example("001-pending")
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "sora", id, runningFor: 60_000 }))
    assert.deepEqual(shape(body), shape(documented))
    assert.sameMembers(differences(body, documented), [
      "detail.input.images.0",
      "detail.input.images.1",
      "detail.pending_info.created_at",
      "detail.pending_info.progress_pct",
      "status_update_time"
    ])
    assert.match(body.detail.pending_info.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  })

  it("match the response for a completed task", async () => {
    const emulator = await start()
    const documented = await example("001-completed")
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "sora", id }))
    assert.deepEqual(shape(body), shape(documented))
    assert.sameMembers(differences(body, documented), [
      "detail.url",
      "detail.input.images.0",
      "detail.input.images.1",
      "detail.gif_url",
      "detail.draft_info.url",
      "detail.draft_info.encodings.md.path",
      "detail.draft_info.encodings.gif.path",
      "detail.draft_info.encodings.source.path",
      "detail.draft_info.encodings.source_wm.path",
      "detail.draft_info.encodings.thumbnail.path",
      "detail.draft_info.created_at",
      "detail.draft_info.downloadable_url",
      "detail.thumbnail_url",
      "video_url",
      "thumbnail_url",
      "status_update_time"
    ])
  })

  it("have the same link parameters in the same order", async () => {
    const emulator = await start()
    const documented = await example("001-completed")
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "sora", id }))
    assert.deepEqual(namesIn(body.video_url), namesIn(documented.video_url))
    assert.include(body.video_url, "%2F00000_wm%2Fsrc.mp4?st=")
  })

  it("contain the required fields of a response", async () => {
    const emulator = await start()
    const { required }: { readonly required: readonly string[] } = await example("001-response-schema")
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "sora", id }))
    // None of the document's examples has the enhanced_prompt of the schema.
    assert.deepEqual(
      required.filter((name) => !(name in body)),
      ["enhanced_prompt"]
    )
  })
})

describe.each([
  { page: "002", host: "octopusx.ai" },
  { page: "004", host: "deepwl.net" }
])("Jimeng: the examples of $host", ({ page }) => {
  const states = [
    { state: "header-response", script: { runningFor: 60_000 } },
    { state: "generating", script: { runningFor: 60_000 } },
    { state: "success", script: { media: ["png", "png"] } },
    { state: "failed", script: { end: "failed" } }
  ] as const
  it.each(states)("match the response to the documented request: $state", async ({ state, script }) => {
    const emulator = await start()
    const request = await example(`${page}-request`)
    const documented = await example(`${page}-${state}`)
    assert.deepEqual(JSON.parse(request.req_json), await example(`${page}-req_json`))
    emulator.addTask({ vendor: "jimeng", id: request.task_id, ...script })
    const { status, body } = await queryJimeng(emulator, request)
    assert.strictEqual(status, 200)
    assert.deepEqual(shape(body), shape(documented))
    const links = state === "success" ? ["data.image_urls.0", "data.image_urls.1"] : []
    assert.deepEqual(differences(body, documented), [...links, "request_id"])
  })

  it("include a request that the emulator accepts with any values", async () => {
    const emulator = await start()
    const template = await example(`${page}-request-template`)
    const { status, body } = await queryJimeng(emulator, { ...template, req_json: "{}" }, jimengUrl(emulator))
    assert.deepEqual([status, body.data.status], [200, "not_found"])
  })
})

describe("AI GPT Image: the examples of the page Query Task", () => {
  const states = [
    { state: "running", script: { runningFor: 60_000 }, differing: ["data.createTime"] },
    {
      state: "success",
      script: { runningFor: 0 },
      differing: ["data.resultJson", "data.costTime", "data.completeTime", "data.createTime"]
    },
    { state: "failed", script: { end: "failed" }, differing: ["data.createTime"] }
  ] as const
  it.each(states)(
    "match the response for a task in the state $state",
    async ({ state, script, differing }) => {
      const emulator = await start()
      const documented = await example(`003-${state}`)
      const { prompt } = JSON.parse(documented.data.param).input
      const task = emulator.addTask({ vendor: "aigptimage", id: documented.data.taskId, prompt, ...script })
      const { status, body } = await queryTask(emulator, task)
      assert.strictEqual(status, 200)
      assert.deepEqual(shape(body), shape(documented))
      assert.deepEqual(differences(body, documented), [...differing])
    }
  )

  it("match the form of the results", async () => {
    const emulator = await start()
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "aigptimage" }))
    assert.deepEqual(shape(JSON.parse(body.data.resultJson)), shape(await example("003-result-format")))
  })
})
