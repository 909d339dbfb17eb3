import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import type { Emulator } from "@gentask/emulator"
import { browse, isLast, startServer } from "./server.ts"

/** The times between the questions about a task, in milliseconds. */
const gaps = (
  requests: ReadonlyArray<{ readonly taskId: string | null; readonly at: number }>,
  id: string
) => {
  const times = requests.filter(({ taskId }) => taskId === id).map(({ at }) => at)
  return times.slice(1).map((at, index) => at - (times[index] ?? 0))
}

const never = () => false

/** Ends the task, so that no test depends on how fast the machine is. */
const finish = (emulator: Emulator): void => {
  emulator.removeTask("jimmy", "1")
  emulator.addTask({ vendor: "jimmy", id: "1" })
}

describe.concurrent("GET /tasks/:ref/events", { timeout: 120_000 }, () => {
  it("tells a browser what happens until the task's end, and that it need not come again", async () => {
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

  it("tells why a task failed", async () => {
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

  it("tells a browser less of an error than the log, and neither the key", async () => {
    await using server = await startServer(["jimmy:1", "sora:2"], { apiKey: "sk-wrong-secret" })
    const refused = await browse(server.eventsOf("jimmy:1"), never)
    const unset = await browse(server.eventsOf("sora:2"))
    expect([...refused.events, ...unset.events].map(({ event, data }) => [event, data])).toEqual([
      ["trouble", { message: "The task cannot be asked about. It may well be running or done." }],
      ["trouble", { message: "This server is not set up for this task." }]
    ])
    expect(refused.status).toBe(204)
    await expect
      .poll(server.log)
      .toMatch(/^jimmy:1: the key was refused .*\nsora has no API key\. Set SORA_API_KEY/)
    expect(server.log()).not.toContain("sk-wrong-secret")
  })

  it("asks the vendor once for two browsers", async () => {
    await using server = await startServer(["jimmy:1"])
    server.emulator.addTask({ vendor: "jimmy", id: "1", runningFor: 60_000 })
    const watching = Promise.withResolvers<void>()
    const first = browse(server.eventsOf("jimmy:1"), (_, count) => {
      watching.resolve()
      return count === 5
    })
    await watching.promise
    const second = browse(server.eventsOf("jimmy:1"), (_, count) => count === 5)
    const heard = [await first, await second].map(({ events }) => events.map(({ id }) => id))
    // What the first knew already, the second was told at once.
    expect(heard[1]?.slice(0, 4)).toEqual(heard[0]?.slice(0, 4))
    expect(Math.min(...gaps(server.emulator.requests, "1"))).toBeGreaterThan(900)
  })

  it("stops asking when the browser goes away", async () => {
    await using server = await startServer(["jimmy:1"])
    server.emulator.addTask({ vendor: "jimmy", id: "1", end: "never" })
    await browse(server.eventsOf("jimmy:1"), () => true)
    await delay(1000)
    const asked = server.emulator.requests.length
    await delay(2500)
    expect(server.emulator.requests).toHaveLength(asked)
    expect(server.log()).toBe("")
  })

  it("goes on where it was when the browser comes again", async () => {
    await using server = await startServer(["jimmy:1"], { longestWait: "1" })
    server.emulator.addTask({ vendor: "jimmy", id: "1", queuedFor: 600_000 })
    const { events } = await browse(server.eventsOf("jimmy:1"), (heard, count) => {
      if (count === 3) finish(server.emulator)
      return isLast(heard)
    })
    // One update, although each connection asked anew: the browser had said that it knew.
    expect(events.map(({ event }) => event)).toEqual(["update", "still-running", "still-running", "end"])
  })

  it.each(["jimmy:2", "no ref", "jimmy:1?kind=video"])("tells a visitor nothing about %s", async (ref) => {
    await using server = await startServer(["jimmy:1"])
    const answer = await fetch(server.eventsOf(ref))
    expect([answer.status, await answer.json()]).toEqual([404, { error: "no such task" }])
    expect(server.emulator.requests).toEqual([])
  })

  it("takes a ref with everything that refs may hold", async () => {
    const ref = "jimmy:a/b c%25:d?kind=video"
    await using server = await startServer([ref])
    server.emulator.addTask({ vendor: "jimmy", id: "a/b c%:d", kind: "video" })
    const { events } = await browse(server.eventsOf(ref))
    expect(events.map(({ data }) => [data["ref"], data["status"]])).toEqual([
      ["jimmy:a/b%20c%25:d?kind=video", "succeeded"]
    ])
  })

  it("ends when it is told to, although a browser is there", async () => {
    await using server = await startServer(["jimmy:1"])
    server.emulator.addTask({ vendor: "jimmy", id: "1", end: "never" })
    const answer = await fetch(server.eventsOf("jimmy:1"))
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toMatch(/^event: update\n/)
    expect(await server.terminate()).toBe(0)
    expect(await reader?.read()).toEqual({ done: true, value: undefined })
  })

  it("serves a page that lists the tasks, with nothing in it that is not escaped", async () => {
    await using server = await startServer([`jimmy:<i>"&`])
    const text = await (await fetch(server.url)).text()
    expect(text).toContain("<code>jimmy:&lt;i&gt;&quot;&amp;</code>")
  })
})
