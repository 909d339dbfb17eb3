/** Requests with an invalid key, an unknown task or a malformed query. */
import { assert, describe, it } from "vitest"
import { rootVendors } from "../src/vendors/vendorNames.ts"
import { jimengUrl, queryJimeng, queryTask, send, start, uuid } from "./support.ts"

const jimengError = (code: number, message: string) => ({
  code,
  data: null,
  message,
  status: code,
  time_elapsed: "35.381µs"
})

const soraError = (message: string, code: string) => ({
  error: { message, type: "invalid_request_error", code }
})

describe("an API key", () => {
  const errors = {
    jimmy: { code: "40100", msg: "Invalid API key", data: null },
    sora: soraError("Invalid API key", "invalid_api_key"),
    jimeng: jimengError(401, "Invalid API key"),
    aigptimage: { code: 401, msg: "authentication failed", data: null }
  }
  it.each(rootVendors)("of %s is rejected in the vendor's form if it is invalid", async (vendor) => {
    const emulator = await start()
    const { status, body } = await queryTask(emulator, emulator.addTask({ vendor }), "sk-wrong")
    const { request_id: _, ...rest } = body
    assert.deepEqual([status, rest], [401, errors[vendor]])
  })

  it.each(["", "sk-emulator", "Basic sk-emulator", "Bearer", "Bearer sk-emulator-and-more"])(
    "is rejected in the header %j",
    async (authorization) => {
      const emulator = await start()
      const { id } = emulator.addTask({ vendor: "sora" })
      const { status } = await send(`${emulator.url}/v1/video/query?id=${id}`, { headers: { authorization } })
      assert.strictEqual(status, 401)
    }
  )

  it("is accepted if the options contain it", async () => {
    const emulator = await start({ apiKey: "sk-one", moreApiKeys: ["sk-two"] })
    const task = emulator.addTask({ vendor: "aigptimage" })
    const responses = await Promise.all(
      ["sk-one", "sk-two", "sk-emulator"].map((key) => queryTask(emulator, task, key))
    )
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 401]
    )
  })
})

describe("an unknown task", () => {
  const unknown = [
    { vendor: "jimmy", status: 404, expected: { code: "40400", msg: "Task not found", data: null } },
    { vendor: "sora", status: 404, expected: soraError("The task does not exist", "task_not_exist") },
    {
      vendor: "jimeng",
      status: 200,
      expected: {
        code: 10_000,
        data: { binary_data_base64: [], image_urls: null, status: "not_found" },
        message: "Success",
        status: 10_000,
        time_elapsed: "35.381µs"
      }
    },
    { vendor: "aigptimage", status: 404, expected: { code: 404, msg: "task not found", data: null } }
  ] as const
  it.each(unknown)("of $vendor is reported in the vendor's form", async ({ vendor, status, expected }) => {
    const emulator = await start()
    const response = await queryTask(emulator, { vendor, id: "no-such-task" })
    const { request_id: _, ...rest } = response.body
    assert.deepEqual([response.status, rest], [status, expected])
  })

  it("has the id of a task of another vendor", async () => {
    const emulator = await start()
    const { id } = emulator.addTask({ vendor: "aigptimage" })
    assert.strictEqual((await queryTask(emulator, { vendor: "jimmy", id })).status, 404)
  })

  it("has the id of a Jimmy video in the path of images", async () => {
    const emulator = await start()
    const { id } = emulator.addTask({ vendor: "jimmy", kind: "video" })
    const statuses = [
      await queryTask(emulator, { vendor: "jimmy", id, kind: "image" }),
      await queryTask(emulator, { vendor: "jimmy", id, kind: "video" })
    ]
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [404, 200]
    )
  })

  it("has the id of a Jimeng task with another req_key", async () => {
    const emulator = await start()
    const { id } = emulator.addTask({ vendor: "jimeng", reqKey: "jimeng_t2i_v30" })
    const { body } = await queryTask(emulator, { vendor: "jimeng", id, reqKey: "jimeng_t2i_v40" })
    assert.strictEqual(body.data.status, "not_found")
  })
})

describe("a malformed query", () => {
  const jimengBodies = [
    {
      name: "no Action",
      query: "?Version=2022-08-31",
      message: "The parameter Action must be CVSync2AsyncGetResult."
    },
    {
      name: "another Version",
      query: "?Action=CVSync2AsyncGetResult&Version=1",
      message: "The parameter Version must be 2022-08-31."
    },
    { name: "a body that is not JSON", body: "{", message: "The body must be a JSON object." },
    { name: "a body that is an array", body: [], message: "The body must be a JSON object." },
    { name: "no body", body: "", message: "The body must be a JSON object." },
    { name: "no req_key", body: { task_id: "1" }, message: "req_key is required." },
    { name: "no task_id", body: { req_key: "1" }, message: "task_id is required." },
    {
      name: "a task_id that is a number",
      body: { req_key: "1", task_id: 1 },
      message: "task_id is required."
    },
    {
      name: "a req_json that is an object",
      body: { req_key: "1", task_id: "1", req_json: {} },
      message: "req_json must be a JSON object, serialized to a string."
    },
    {
      name: "a req_json that is not JSON",
      body: { req_key: "1", task_id: "1", req_json: "return_url" },
      message: "req_json must be a JSON object, serialized to a string."
    }
  ]
  it.each(jimengBodies)("of jimeng with $name gets 400", async ({ query, body = {}, message }) => {
    const emulator = await start()
    const url = query === undefined ? jimengUrl(emulator) : `${emulator.url}/jm${query}`
    const response = await queryJimeng(emulator, body, url)
    const { request_id: requestId, ...rest } = response.body
    assert.deepEqual([response.status, rest], [400, jimengError(400, message)])
    assert.match(requestId, uuid)
  })

  const others = [
    { path: "/v1/video/query", expected: soraError("The parameter id is required.", "invalid_request") },
    {
      path: "/v1/video/query?id=",
      expected: soraError("The parameter id is required.", "invalid_request")
    },
    { path: "/api/v1/jobs/recordInfo", expected: { code: 400, msg: "taskId is required", data: null } },
    {
      path: "/api/open-api/v1/images/",
      expected: { code: "40000", msg: "The path must end in a task id.", data: null }
    },
    {
      path: "/api/open-api/v1/images/%ff",
      expected: { code: "40000", msg: "The task id in the path is not percent-encoded UTF-8.", data: null }
    }
  ]
  it.each(others)("to $path gets 400", async ({ path, expected }) => {
    const emulator = await start()
    const headers = { authorization: `Bearer ${emulator.apiKey}` }
    const { status, body } = await send(emulator.url + path, { headers })
    assert.deepEqual([status, body], [400, expected])
  })

  it.each([
    ["GET", "/jm"],
    ["POST", "/v1/video/query?id=1"],
    ["GET", "/api/open-api/v1/audios/1"],
    ["GET", "/"]
  ])("to the unknown endpoint %s %s gets 404", async (method, path) => {
    const emulator = await start()
    const { status, body } = await send(emulator.url + path, { method })
    assert.deepEqual(
      [status, body],
      [404, { error: `No vendor has the endpoint ${method} ${path.split("?")[0]}.` }]
    )
  })

  it("with more than a mebibyte gets 413, and the connection stays usable", async () => {
    const emulator = await start()
    const { status, body } = await queryJimeng(emulator, "x".repeat(1_048_577))
    assert.deepEqual([status, body], [413, { error: "The request body is too large: the limit is 1 MiB." }])
    assert.strictEqual((await queryJimeng(emulator, "{}")).status, 400)
  })
})
