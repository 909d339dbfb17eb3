/** The request log. */
import { assert, describe, it } from "vitest"
import { inOrder, queryJimeng, queryTask, send, start } from "./support.ts"

describe("the request log", () => {
  it("contains requests and their statuses, oldest first", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "sora", id: "sora-2:task_1" })
    await queryTask(emulator, task)
    const body = { req_key: "k", task_id: "7", req_json: "{}" }
    await queryJimeng(emulator, body)
    await send(`${emulator.url}/elsewhere`)
    const requests = emulator.requests.map(({ headers, at, ...rest }) => ({
      ...rest,
      authorization: headers.authorization,
      at: at > 0 && at <= performance.now()
    }))
    const bearer = "Bearer sk-emulator"
    assert.deepEqual(requests, [
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

  it("keeps only the last requests", async () => {
    const emulator = await start({ requestLogSize: 2 })
    await inOrder(["/1", "/2", "/3"], (path) => send(emulator.url + path))
    assert.deepEqual(
      emulator.requests.map(({ path }) => path),
      ["/2", "/3"]
    )
  })

  it("can be cleared or disabled", async () => {
    const emulator = await start()
    await send(`${emulator.url}/1`)
    emulator.clearRequests()
    assert.deepEqual(emulator.requests, [])
    const disabled = await start({ requestLogSize: 0 })
    await send(`${disabled.url}/1`)
    assert.deepEqual(disabled.requests, [])
  })
})
