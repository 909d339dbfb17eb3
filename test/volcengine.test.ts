/** Submits with the signer and the client of Volcengine's own package, and with gentask, to the same emulator. */
import { describe, expect, it } from "vitest"
import { countPosts, startSubmits } from "./submitSystems.ts"
import { signPost, volcengineClient } from "./volcengineClient.ts"

const account = "jimeng@volcengine"
const model = "jimeng_t2i_v40"
const prompt = "A fox in the snow"
const path = "/?Action=CVSync2AsyncSubmitTask&Version=2022-08-31"

describe("Volcengine's own client", () => {
  it("submits a task that gentask waits for", async () => {
    await using running = await startSubmits()
    const { emulator, gentask } = running
    const call = volcengineClient(emulator.url, emulator.accessKey)
    const created = await call("CVSync2AsyncSubmitTask", { req_key: model, prompt })
    expect(created).toMatchObject({ code: 10_000, data: { task_id: expect.stringMatching(/^\d{19}$/) } })
    const { task_id: id } = (created as { readonly data: { readonly task_id: string } }).data
    expect(await gentask.wait(`${account}:${id}?req_key=${model}`)).toMatchObject({ id, status: "succeeded" })
    expect(countPosts(emulator.posts())).toEqual({ posts: 1, tasks: 1 })
  })

  it("queries a task that gentask has submitted", async () => {
    await using running = await startSubmits()
    const { emulator, gentask } = running
    const { snapshot } = await gentask.submit({ account, model, prompt })
    const call = volcengineClient(emulator.url, emulator.accessKey)
    await gentask.wait(snapshot.ref)
    expect(await call("CVSync2AsyncGetResult", { req_key: model, task_id: snapshot.id })).toMatchObject({
      code: 10_000,
      data: { status: "done" }
    })
  })

  it("sends the same path, query and body as gentask", async () => {
    await using running = await startSubmits()
    const { emulator, gentask } = running
    const input = { req_key: model, prompt }
    await volcengineClient(emulator.url, emulator.accessKey)("CVSync2AsyncSubmitTask", input)
    await gentask.submit({ account, model, prompt })
    const [theirs, ours] = emulator.requests.map(({ method, path, query, body }) => ({
      method,
      path,
      query,
      body: JSON.parse(body) as unknown
    }))
    expect(theirs).toEqual({
      method: "POST",
      path: "/",
      query: { Action: "CVSync2AsyncSubmitTask", Version: "2022-08-31" },
      body: input
    })
    expect(ours).toEqual(theirs)
  })
})

describe("Volcengine's own signer", () => {
  const postSigned = async (url: string, accessKey: string) => {
    const target = new URL(path, url)
    const body = JSON.stringify({ req_key: model, prompt })
    const { Host: _, ...headers } = signPost(target, body, accessKey)
    const response = await fetch(target, { method: "POST", headers, body })
    return { status: response.status, body: await response.json() }
  }

  it("signs a submit that creates a task", async () => {
    await using running = await startSubmits()
    const { emulator } = running
    expect(await postSigned(emulator.url, emulator.accessKey)).toMatchObject({
      status: 200,
      body: { code: 10_000 }
    })
    expect(countPosts(emulator.posts())).toEqual({ posts: 1, tasks: 1 })
  })

  it("creates no task with another secret", async () => {
    await using running = await startSubmits()
    const { emulator } = running
    const [id = ""] = emulator.accessKey.split("|")
    expect(await postSigned(emulator.url, `${id}|other`)).toMatchObject({
      status: 401,
      body: { ResponseMetadata: { Error: { Code: "SignatureDoesNotMatch" } } }
    })
    expect(countPosts(emulator.posts())).toEqual({ posts: 1, tasks: 0 })
  })
})
