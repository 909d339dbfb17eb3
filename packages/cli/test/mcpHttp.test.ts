import { once } from "node:events"
import { request as httpRequest } from "node:http"
import type { IncomingMessage } from "node:http"
import { text } from "node:stream/consumers"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { run } from "./gentask.ts"
import { connectHttp, connectHttp2025, startHttp } from "./mcpClients.ts"
import type { ClientOptions, HttpServer, TestClient } from "./mcpClients.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()
let options: ClientOptions
let server: HttpServer

const stop = async ({ process: { child } }: HttpServer, signal: NodeJS.Signals): Promise<void> => {
  const closed = once(child, "close")
  child.kill(signal)
  await closed
}

beforeAll(async () => {
  options = { env: { ...fixture.env, XDG_STATE_HOME: newFolder() }, cwd: newFolder() }
  server = await startHttp(options)
  fixture.emulator.scriptSubmits("jimmy", { task: { runningFor: 2000 } })
})
afterAll(() => stop(server, "SIGKILL"))

const extension = "io.modelcontextprotocol/tasks"

/** Sends a request of the current revision by hand, as a client that knows the tasks extension does. */
const send = async (
  method: string,
  params: Readonly<Record<string, unknown>>,
  {
    extensions = { [extension]: {} },
    token = server.token
  }: { readonly extensions?: object; readonly token?: string } = {}
): Promise<{
  readonly status: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number }
}> => {
  const response = await fetch(server.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      "mcp-name": String(params["taskId"] ?? params["name"])
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": { extensions }
        }
      }
    })
  })
  return { status: response.status, ...((await response.json()) as object) }
}

const submit = async (key: string): Promise<string> => {
  const args = { account: "jimmy", model: "gpt-image-2", prompt: "A fox", confirm: true, idempotencyKey: key }
  const { result } = await send("tools/call", { name: "submit", arguments: args })
  const { ref } = (result?.["structuredContent"] ?? {}) as { readonly ref?: string }
  return ref ?? assert.fail(JSON.stringify(result))
}

/** Waits for tasks with progress, and saves their outputs. */
const waitAndSave = async ({ call }: Pick<TestClient, "call">, refs: unknown): Promise<void> => {
  let progress = 0
  const waited = await call("wait", { refs }, { onprogress: () => (progress += 1) })
  assert.include(waited.text, "succeeded")
  assert.isAbove(progress, 0)
  const saved = await call("save", { refs })
  assert.include(saved.text, options.cwd)
}

describe("gentask mcp --http", () => {
  it("does the whole job with the user's confirmation, and sends progress", async () => {
    await using connection = await connectHttp(server, () => true)
    assert.strictEqual(connection.client.getNegotiatedProtocolVersion(), "2026-07-28")
    const submitted = await connection.call("submit", {
      account: "jimmy",
      model: "gpt-image-2",
      prompt: "A cat"
    })
    const { refs } = submitted.record
    await waitAndSave(connection, refs)
  })

  it("does the whole job for a client of 2025, which confirms with the argument", async () => {
    fixture.emulator.clearRequests()
    await using connection = await connectHttp2025(server)
    assert.includeMembers(
      (await connection.client.listTools()).tools.map(({ name }) => name),
      ["submit", "wait", "save"]
    )
    const request = { account: "jimmy", model: "gpt-image-2", prompt: "A dog" }
    const asked = await connection.call("submit", request)
    assert.strictEqual(asked.record["reason"], "confirmation")
    assert.lengthOf(fixture.emulator.posts(), 0)
    const { arguments: confirmed } = asked.record["next"] as { readonly arguments: Record<string, unknown> }
    const { refs } = (await connection.call("submit", confirmed)).record
    await waitAndSave(connection, refs)
    assert.include((await connection.call("list", { search: "dog" })).text, "1 saved")
    assert.deepStrictEqual((await connection.call("submit", confirmed)).record["refs"], refs)
    assert.lengthOf(fixture.emulator.posts(), 1)
  })

  it.skipIf(process.platform === "darwin")("serves another address of loopback", async () => {
    const other = await startHttp({ ...options, args: ["--http", "127.0.0.2:0"] })
    await using connection = await connectHttp({ ...other, token: server.token })
    assert.include((await connection.call("models", { account: "jimmy" })).text, "gpt-image-2")
    await stop(other, "SIGTERM")
  })

  it("refuses requests without the token, of other hosts and of other origins", async () => {
    assert.strictEqual((await send("tools/list", {}, { token: "wrong" })).status, 401)
    const { port } = new URL(server.url)
    const statusOf = async (headers: Record<string, string>): Promise<number | undefined> => {
      const sent = httpRequest({ port, host: "127.0.0.1", path: "/mcp", method: "POST", headers }).end("{}")
      const [response] = (await once(sent, "response")) as [IncomingMessage]
      await text(response)
      return response.statusCode
    }
    const authorization = `Bearer ${server.token}`
    assert.strictEqual(await statusOf({ authorization, host: "evil.example.com" }), 403)
    assert.strictEqual(await statusOf({ authorization, origin: "https://evil.example.com" }), 403)
    assert.strictEqual(await statusOf({ authorization: "Bearer " }), 401)
  })

  it("refuses an address that other machines can reach", async () => {
    const { status, stdout, stderr } = await run(["mcp", "--http", "0.0.0.0:0"], options)
    assert.strictEqual(status, 2)
    assert.include(stderr, "0.0.0.0 is not a loopback address")
    assert.strictEqual(stdout, "")
  })
})

describe("the tasks extension", () => {
  it("returns a handle that survives a restart, and completes with the result of the tool", async () => {
    const ref = await submit("tasks-1")
    const call = { name: "wait", arguments: { refs: [ref] } }
    const created = (await send("tools/call", call)).result
    assert.deepInclude(created, { resultType: "task", status: "working", ttlMs: null })
    const taskId = String(created?.["taskId"])
    await stop(server, "SIGKILL")
    server = { ...(await startHttp(options)), token: server.token }
    let status = "working"
    let result: Record<string, unknown> | undefined
    while (status === "working") {
      result = (await send("tasks/get", { taskId })).result
      status = String(result?.["status"])
    }
    assert.strictEqual(status, "completed")
    const { structuredContent } = (result?.["result"] ?? {}) as {
      readonly structuredContent?: { readonly tasks: ReadonlyArray<object> }
    }
    assert.deepInclude(structuredContent?.tasks[0], { ref, status: "succeeded" })
    assert.strictEqual((await send("tasks/update", { taskId, inputResponses: {} })).status, 200)
  })

  it("ends a wait that is canceled, and not the task at the vendor", async () => {
    const ref = await submit("tasks-2")
    const { result } = await send("tools/call", { name: "wait", arguments: { refs: [ref] } })
    const taskId = String(result?.["taskId"])
    assert.strictEqual((await send("tasks/cancel", { taskId })).status, 200)
    const after = (await send("tasks/get", { taskId })).result
    assert.include(["cancelled", "completed"], after?.["status"])
    const waited = await send("tools/call", { name: "wait", arguments: { refs: [ref] } }, { extensions: {} })
    assert.include(JSON.stringify(waited.result), "succeeded")
  })

  it("refuses forged handles, and clients that have not declared the extension", async () => {
    const forged = Buffer.from(JSON.stringify({ refs: ["jimmy:1"], at: 0 })).toString("base64url")
    assert.strictEqual((await send("tasks/get", { taskId: `${forged}.AAAA` })).error?.code, -32_602)
    assert.strictEqual(
      (await send("tasks/get", { taskId: "jimmy:1" }, { extensions: {} })).error?.code,
      -32_021
    )
  })
})

describe("a signal", () => {
  it("stops the server with the exit status 0", async () => {
    const other = await startHttp(options)
    other.process.child.kill("SIGTERM")
    assert.strictEqual((await other.process.result).status, 0)
  })
})
