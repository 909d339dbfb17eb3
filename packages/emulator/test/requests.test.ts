/** What every vendor does with requests that it cannot serve: a wrong key, an unknown task, a malformed query. */
import { assert, describe, it } from "vitest"
import { vendors } from "../src/index.ts"
import { ask, askJimeng, inOrder, jimengUrl, send, start, uuid } from "./support.ts"

const jimengRefusal = (code: number, message: string) => ({
  code,
  data: null,
  message,
  status: code,
  time_elapsed: "35.381µs"
})

const soraRefusal = (message: string, code: string) => ({
  error: { message, type: "invalid_request_error", code }
})

describe("the API key", () => {
  const refusals = {
    jimmy: { code: "40100", msg: "Invalid API key", data: null },
    sora: soraRefusal("Invalid API key", "invalid_api_key"),
    jimeng: jimengRefusal(401, "Invalid API key"),
    aigptimage: { code: 401, msg: "authentication failed", data: null }
  }
  it.each(vendors)("of %s is refused in the vendor's form when it is wrong", async (vendor) => {
    const emulator = await start()
    const { status, body } = await ask(emulator, emulator.addTask({ vendor }), "sk-wrong")
    const { request_id: _, ...rest } = body
    assert.deepEqual([status, rest], [401, refusals[vendor]])
  })

  it.each(["", "sk-emulator", "Basic sk-emulator", "Bearer", "Bearer sk-emulator-and-more"])(
    "is refused as %j",
    async (authorization) => {
      const emulator = await start()
      const { id } = emulator.addTask({ vendor: "sora" })
      const { status } = await send(`${emulator.url}/v1/video/query?id=${id}`, { headers: { authorization } })
      assert.strictEqual(status, 401)
    }
  )

  it("can be another, or several", async () => {
    const emulator = await start({ apiKey: "sk-one", moreApiKeys: ["sk-two"] })
    const task = emulator.addTask({ vendor: "aigptimage" })
    const answers = await Promise.all(
      ["sk-one", "sk-two", "sk-emulator"].map((key) => ask(emulator, task, key))
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 401]
    )
  })
})

describe("an unknown task", () => {
  const unknown = [
    { vendor: "jimmy", status: 404, expected: { code: "40400", msg: "Task not found", data: null } },
    { vendor: "sora", status: 404, expected: soraRefusal("The task does not exist", "task_not_exist") },
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
  it.each(unknown)("of $vendor is told in the vendor's form", async ({ vendor, status, expected }) => {
    const emulator = await start()
    const answer = await ask(emulator, { vendor, id: "no-such-task" })
    const { request_id: _, ...rest } = answer.body
    assert.deepEqual([answer.status, rest], [status, expected])
  })

  it("is what another vendor's id is", async () => {
    const emulator = await start()
    const { id } = emulator.addTask({ vendor: "aigptimage" })
    assert.strictEqual((await ask(emulator, { vendor: "jimmy", id })).status, 404)
  })

  it("is what a Jimmy video is under the path of images", async () => {
    const emulator = await start()
    const { id } = emulator.addTask({ vendor: "jimmy", kind: "video" })
    const statuses = [
      await ask(emulator, { vendor: "jimmy", id, kind: "image" }),
      await ask(emulator, { vendor: "jimmy", id, kind: "video" })
    ]
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [404, 200]
    )
  })

  it("is what a Jimeng task is to a query with another req_key", async () => {
    const emulator = await start()
    const { id } = emulator.addTask({ vendor: "jimeng", reqKey: "jimeng_t2i_v30" })
    const { body } = await ask(emulator, { vendor: "jimeng", id, reqKey: "jimeng_t2i_v40" })
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
    { name: "a body that is no JSON", body: "{", message: "The body must be a JSON object." },
    { name: "a body that is a list", body: [], message: "The body must be a JSON object." },
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
      message: "req_json must be a JSON object, serialised to a string."
    },
    {
      name: "a req_json that holds no JSON",
      body: { req_key: "1", task_id: "1", req_json: "return_url" },
      message: "req_json must be a JSON object, serialised to a string."
    }
  ]
  it.each(jimengBodies)("of jimeng with $name gets 400", async ({ query, body = {}, message }) => {
    const emulator = await start()
    const url = query === undefined ? jimengUrl(emulator) : `${emulator.url}/jm${query}`
    const answer = await askJimeng(emulator, body, url)
    const { request_id: requestId, ...rest } = answer.body
    assert.deepEqual([answer.status, rest], [400, jimengRefusal(400, message)])
    assert.match(requestId, uuid)
  })

  const others = [
    { path: "/v1/video/query", expected: soraRefusal("The parameter id is required.", "invalid_request") },
    {
      path: "/v1/video/query?id=",
      expected: soraRefusal("The parameter id is required.", "invalid_request")
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
  ])("%s %s belongs to no vendor and gets 404", async (method, path) => {
    const emulator = await start()
    const { status, body } = await send(emulator.url + path, { method })
    assert.deepEqual([status, body], [404, { error: `No vendor answers ${method} ${path.split("?")[0]}.` }])
  })

  it("with more than a mebibyte gets 413, and the connection stays usable", async () => {
    const emulator = await start()
    const { status, body } = await askJimeng(emulator, "x".repeat(1_048_577))
    assert.deepEqual([status, body], [413, { error: "A body may have 1 MiB at most." }])
    assert.strictEqual((await askJimeng(emulator, "{}")).status, 400)
  })
})

describe("the record of requests", () => {
  it("holds what was asked and what was answered, oldest first", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "sora", id: "sora-2:task_1" })
    await ask(emulator, task)
    const body = { req_key: "k", task_id: "7", req_json: "{}" }
    await askJimeng(emulator, body)
    await send(`${emulator.url}/elsewhere`)
    const told = emulator.requests.map(({ headers, at, ...rest }) => ({
      ...rest,
      authorization: headers.authorization,
      at: at > 0 && at <= performance.now()
    }))
    const bearer = "Bearer sk-emulator"
    assert.deepEqual(told, [
      {
        method: "GET",
        path: "/v1/video/query",
        query: { id: "sora-2:task_1" },
        body: "",
        purpose: "query",
        vendor: "sora",
        taskId: "sora-2:task_1",
        status: 200,
        fault: null,
        authorization: bearer,
        at: true
      },
      {
        method: "POST",
        path: "/jm",
        query: { Action: "CVSync2AsyncGetResult", Version: "2022-08-31" },
        body: JSON.stringify(body),
        purpose: "query",
        vendor: "jimeng",
        taskId: "7",
        status: 200,
        fault: null,
        authorization: bearer,
        at: true
      },
      {
        method: "GET",
        path: "/elsewhere",
        query: {},
        body: "",
        purpose: "unknown",
        vendor: null,
        taskId: null,
        status: 404,
        fault: null,
        authorization: undefined,
        at: true
      }
    ])
  })

  it("keeps only the last ones", async () => {
    const emulator = await start({ requestLogSize: 2 })
    await inOrder(["/1", "/2", "/3"], (path) => send(emulator.url + path))
    assert.deepEqual(
      emulator.requests.map(({ path }) => path),
      ["/2", "/3"]
    )
  })

  it("can be emptied, or not be kept at all", async () => {
    const emulator = await start()
    await send(`${emulator.url}/1`)
    emulator.clearRequests()
    assert.deepEqual(emulator.requests, [])
    const forgetful = await start({ requestLogSize: 0 })
    await send(`${forgetful.url}/1`)
    assert.deepEqual(forgetful.requests, [])
  })
})
