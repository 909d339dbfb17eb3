import { describe, expect, it } from "vitest"
import type { Emulator } from "@gentask/emulator"
import { browse, isLast, startServer } from "./server.ts"

/** Returns the times of the requests for a task, in milliseconds. */
const requestTimes = (emulator: Emulator, id: string): ReadonlyArray<number> =>
  emulator.requests.filter(({ taskId }) => taskId === id).map(({ at }) => at)

/** Ends the task, so that the test does not depend on the speed of the machine. */
const finish = (emulator: Emulator): void => {
  emulator.removeTask("jimmy", "1")
  emulator.addTask({ vendor: "jimmy", id: "1" })
}

describe.concurrent("GET /tasks/:ref/events", { timeout: 120_000 }, () => {
  it("sends each change until the task ends, and then responds with 204", async () => {
    await using server = await startServer(["jimmy:1"])
    server.emulator.addTask({ vendor: "jimmy", id: "1", queuedFor: 600_000 })
    const { status, events } = await browse(server.eventsOf("jimmy:1"), ({ event }) => {
      if (event === "update") finish(server.emulator)
      return false
    })
    expect(events).toHaveLength(2)
    expect(events[0]).toEqual({
      event: "update",
      id: "queued 0",
      data: { ref: "jimmy:1", status: "queued", progress: 0 }
    })
    expect(events[1]).toEqual({
      event: "end",
      id: "end",
      data: {
        ref: "jimmy:1",
        status: "succeeded",
        outputs: [
          {
            kind: "image",
            role: "result",
            url: expect.stringMatching(/^http:\/\/127\.0\.0\.1/) as string,
            expiresAt: expect.stringMatching(/Z$/) as string
          }
        ],
        failure: null
      }
    })
    expect(status).toBe(204)
    expect(server.log()).toBe("")
  })

  it("sends the reason of a failed task", async () => {
    await using server = await startServer(["jimmy:1"])
    const failure = { code: "E1", message: "The picture shows a secret." }
    server.emulator.addTask({ vendor: "jimmy", id: "1", end: "failed", failure })
    const { events } = await browse(server.eventsOf("jimmy:1"))
    expect(events).toEqual([
      {
        event: "end",
        id: "end",
        data: {
          ref: "jimmy:1",
          status: "failed",
          outputs: [],
          failure: { reason: "unknown", message: failure.message }
        }
      }
    ])
  })

  it("logs the details of an error, sends only a general message, and never shows the API key", async () => {
    await using server = await startServer(["jimmy:1", "sora:2"], { apiKey: "sk-wrong-secret" })
    const rejected = await browse(server.eventsOf("jimmy:1"), () => false)
    const unset = await browse(server.eventsOf("sora:2"))
    expect([...rejected.events, ...unset.events].map(({ event, data }) => [event, data])).toEqual([
      ["problem", { message: "The task cannot be queried. It may be running or done." }],
      ["problem", { message: "This server is not configured for this task." }]
    ])
    expect(rejected.status).toBe(204)
    await expect
      .poll(server.log)
      .toMatch(
        /^jimmy:1: the vendor rejected the API key .*\nsora has no default endpoint\. Choose jxincm or octopusx/
      )
    expect(server.log()).not.toContain("sk-wrong-secret")
  })

  it("shares the polls of two browsers with the same task", async () => {
    await using server = await startServer(["jimmy:1"])
    server.emulator.addTask({ vendor: "jimmy", id: "1", runningFor: 60_000 })
    const connected = Promise.withResolvers<void>()
    const first = browse(server.eventsOf("jimmy:1"), (_, count) => {
      connected.resolve()
      return count === 5
    })
    await connected.promise
    const second = browse(server.eventsOf("jimmy:1"), (_, count) => count === 5)
    const ids = [await first, await second].map(({ events }) => events.map(({ id }) => id))
    // The second browser received the first event at once.
    expect(ids[1]?.slice(0, 4)).toEqual(ids[0]?.slice(0, 4))
    const times = requestTimes(server.emulator, "1")
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThan(900)
  })

  it("stops polling when the browser disconnects", async () => {
    await using server = await startServer(["jimmy:1", "jimmy:2"])
    server.emulator.addTask({ vendor: "jimmy", id: "1", end: "never" })
    server.emulator.addTask({ vendor: "jimmy", id: "2", runningFor: 60_000 })
    await browse(server.eventsOf("jimmy:1"), () => true)
    // The other task is polled several times meanwhile.
    await browse(server.eventsOf("jimmy:2"), (_, count) => count === 4)
    expect(requestTimes(server.emulator, "2").length).toBeGreaterThanOrEqual(4)
    expect(requestTimes(server.emulator, "1").length).toBeLessThanOrEqual(2)
    expect(server.log()).toBe("")
  })

  it("resumes without repeating an event when the browser reconnects", async () => {
    await using server = await startServer(["jimmy:1"], { maxWaitSeconds: "1" })
    server.emulator.addTask({ vendor: "jimmy", id: "1", queuedFor: 600_000 })
    const { events } = await browse(server.eventsOf("jimmy:1"), (event, count) => {
      if (count === 3) finish(server.emulator)
      return isLast(event)
    })
    // Each connection polled the task, but only the first one sent its state.
    expect(events.map(({ event }) => event)).toEqual(["update", "still-running", "still-running", "end"])
  })

  it.each(["jimmy:2", "no ref", "jimmy:1?kind=video"])(
    "responds with 404 to %s, which the visitor may not see",
    async (ref) => {
      await using server = await startServer(["jimmy:1"])
      const response = await fetch(server.eventsOf(ref))
      expect([response.status, await response.json()]).toEqual([404, { error: "no such task" }])
      expect(server.emulator.requests).toEqual([])
    }
  )

  it("accepts a ref with special characters and params", async () => {
    const ref = "jimmy:a/b c%25:d?kind=video"
    await using server = await startServer([ref])
    server.emulator.addTask({ vendor: "jimmy", id: "a/b c%:d", kind: "video" })
    const { events } = await browse(server.eventsOf(ref))
    expect(events.map(({ data }) => [data["ref"], data["status"]])).toEqual([
      ["jimmy:a/b%20c%25:d?kind=video", "succeeded"]
    ])
  })

  it("ends its streams and exits with 0 after SIGTERM", async () => {
    await using server = await startServer(["jimmy:1"])
    server.emulator.addTask({ vendor: "jimmy", id: "1", end: "never" })
    const response = await fetch(server.eventsOf("jimmy:1"))
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toMatch(/^event: update\n/)
    expect(await server.terminate()).toBe(0)
    expect(await reader?.read()).toEqual({ done: true, value: undefined })
  })

  it("serves a page that lists the tasks with escaped refs", async () => {
    await using server = await startServer([`jimmy:<i>"&`])
    const text = await (await fetch(server.url)).text()
    expect(text).toContain("<code>jimmy:&lt;i&gt;&quot;&amp;</code>")
  })
})
