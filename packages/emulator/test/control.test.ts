/** The control API, and starting and closing the server. */
import { connect, createServer } from "node:net"
import { assert, describe, it } from "vitest"
import { startEmulator, vendors } from "../src/index.ts"
import { queryTask, send, start } from "./support.ts"

describe("the control API", () => {
  it("adds, lists and removes tasks", async () => {
    const emulator = await start()
    const tasks = `${emulator.url}/_emulator/tasks`
    const script = { vendor: "sora", id: "sora-2:task_1", runningFor: 60_000 }
    const added = await send(tasks, { method: "POST", body: JSON.stringify(script) })
    const task = emulator.task("sora", "sora-2:task_1")
    assert.deepEqual([added.status, added.body], [201, JSON.parse(JSON.stringify(task))])
    assert.deepEqual((await send(tasks)).body, { tasks: [added.body] })
    assert.strictEqual((await queryTask(emulator, added.body)).body.status, "pending")
    const url = `${tasks}/sora/${encodeURIComponent("sora-2:task_1")}`
    const removed = [await send(url, { method: "DELETE" }), await send(url, { method: "DELETE" })]
    assert.deepEqual(
      removed.map(({ status, body }) => [status, body]),
      [
        [204, ""],
        [404, { error: 'The sora task "sora-2:task_1" does not exist.' }]
      ]
    )
    assert.deepEqual(emulator.tasks(), [])
  })

  it("returns and clears the requests and rates, without its own requests", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy" })
    await queryTask(emulator, task)
    const requests = `${emulator.url}/_emulator/requests`
    assert.deepEqual((await send(requests)).body, { requests: JSON.parse(JSON.stringify(emulator.requests)) })
    assert.deepEqual((await send(`${emulator.url}/_emulator/rates`)).body, {
      rates: [
        {
          vendor: "jimmy",
          apiKey: "sk-emulator",
          total: 1,
          peakPerSecond: 1,
          peakPer10Seconds: 1,
          peakPerMinute: 1
        }
      ]
    })
    assert.strictEqual((await send(requests, { method: "DELETE" })).status, 204)
    assert.deepEqual([emulator.requests, emulator.rates()], [[], []])
  })

  it("explains what is wrong with a request", async () => {
    const emulator = await start()
    const at = (path: string, init?: RequestInit) => send(`${emulator.url}/_emulator/${path}`, init)
    const responses = await Promise.all([
      at("tasks", { method: "POST", body: "{" }),
      at("tasks/acme/1", { method: "DELETE" }),
      at("tasks/sora/%ff", { method: "DELETE" }),
      at("nothing"),
      at("rates", { method: "POST" })
    ])
    assert.deepEqual(
      responses.map(({ status, body }) => [status, body.error]),
      [
        [400, responses[0]?.body.error],
        [404, `Unknown vendor "acme": expected one of ${vendors.join(", ")}.`],
        [400, "The task id in the path is not percent-encoded UTF-8."],
        [404, "The control API has no GET /_emulator/nothing: see the emulator's README."],
        [404, "The control API has no POST /_emulator/rates: see the emulator's README."]
      ]
    )
    assert.match(responses[0]?.body.error, /^The body must be a task script as JSON: .+\.$/)
  })
})

describe("the server", () => {
  it("listens on a free loopback port, or on the given one", async () => {
    const emulator = await start()
    assert.strictEqual(emulator.url, `http://127.0.0.1:${emulator.port}`)
    await emulator.close()
    const again = await start({ port: emulator.port })
    assert.strictEqual(again.port, emulator.port)
  })

  it("supports an IPv6 host, with brackets in its URLs", async ({ skip }) => {
    const emulator = await start({ host: "::1" }).catch(() => skip("IPv6 is not available"))
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "jimmy" }))
    assert.match(body.data.result.image_url, /^http:\/\/\[::1\]:\d+\/media\//)
    assert.strictEqual((await send(body.data.result.image_url)).status, 200)
  })

  it("rejects when its port is in use", async () => {
    const emulator = await start()
    const code = await startEmulator({ port: emulator.port }).catch(
      (error: NodeJS.ErrnoException) => error.code
    )
    assert.strictEqual(code, "EADDRINUSE")
  })

  it("closes immediately, repeatedly and by disposal", async () => {
    const emulator = await startEmulator()
    await queryTask(emulator, emulator.addTask({ vendor: "jimmy" }))
    await emulator[Symbol.asyncDispose]()
    await emulator.close()
    const failed = await fetch(emulator.url).then(
      () => false,
      () => true
    )
    assert.isTrue(failed)
    // The port is free again.
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(emulator.port, "127.0.0.1", resolve)
    })
    server.close()
  })

  it("closes although a request is incomplete", async () => {
    const emulator = await startEmulator()
    const socket = connect(emulator.port, "127.0.0.1")
    socket.on("error", () => {})
    const ended = new Promise<void>((resolve) => {
      socket.on("close", () => resolve())
    })
    await new Promise<void>((resolve) => {
      socket.write("POST /jm HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{", () => resolve())
    })
    await queryTask(emulator, emulator.addTask({ vendor: "jimmy" }))
    await emulator.close()
    await ended
    assert.isTrue(socket.destroyed)
  })

  it("continues to work after a client disconnects within its body", async () => {
    const emulator = await start()
    await new Promise<void>((resolve) => {
      const socket = connect(emulator.port, "127.0.0.1", () => {
        socket.write("POST /jm HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{", () => socket.destroy())
      })
      socket.on("close", () => resolve())
    })
    assert.strictEqual((await queryTask(emulator, emulator.addTask({ vendor: "jimmy" }))).status, 200)
  })
})
