/** `GET /tasks/:ref/events`: the progress of a task as Server-Sent Events. */
import { Hono } from "hono"
import type { Context } from "hono"
import { streamSSE } from "hono/streaming"
import type { SSEMessage } from "hono/streaming"
import { InvalidTaskRef, StillRunning, TaskFailed, TaskRef } from "@gentask/core"
import type { Gentask } from "@gentask/core"
import { errorEvent, finalEventId, snapshotEvent } from "./events.ts"

/** Options of the route. */
export interface AppOptions {
  /** One client for the whole server, so that browsers with the same task share its polls and the rate limits. */
  readonly gentask: Gentask
  /** Whether the visitor may see the task. Without this check, anyone who guesses an id sees the results of others. */
  readonly mayWatch: (context: Context, ref: string) => boolean | Promise<boolean>
  /** Maximum duration of one connection, in milliseconds. After that, the browser reconnects. */
  readonly maxWaitMs: number
  /** Called with each error, for the server's log. */
  readonly log: (error: unknown) => void
}

/** The interval between heartbeats, because proxies close idle connections. */
const heartbeatMs = 15_000

/** Returns the canonical text of a ref. Undefined if the text is not a ref. */
const parseRef = (text: string): string | undefined => {
  try {
    return TaskRef.format(TaskRef.parse(text))
  } catch (error) {
    if (error instanceof InvalidTaskRef) return undefined
    throw error
  }
}

export const makeApp = ({ gentask, mayWatch, maxWaitMs, log }: AppOptions): Hono =>
  new Hono().get("/tasks/:ref/events", async (context) => {
    const ref = parseRef(context.req.param("ref"))
    // The same response for both, so that visitors cannot find out which tasks exist.
    if (ref === undefined || !(await mayWatch(context, ref)))
      return context.json({ error: "no such task" }, 404)
    const lastEventId = context.req.header("last-event-id")
    // With 204, the browser does not reconnect.
    if (lastEventId === finalEventId) return context.body(null, 204)

    return streamSSE(context, async (stream) => {
      const disconnected = new AbortController()
      stream.onAbort(() => disconnected.abort())
      const heartbeat = setInterval(() => void stream.write(":\n\n"), heartbeatMs)
      let lastId = lastEventId
      let written = Promise.resolve()
      const send = (message: SSEMessage): void => {
        written = written.then(() => stream.writeSSE(message))
      }
      try {
        await gentask.wait(ref, {
          timeout: maxWaitMs,
          signal: disconnected.signal,
          onPollError: ({ error }) => log(error),
          onUpdate: (snapshot) => {
            const event = snapshotEvent(snapshot)
            if (event.id !== lastId) send(event)
            lastId = event.id
          }
        })
      } catch (error) {
        // onUpdate has already sent a failed task.
        if (disconnected.signal.aborted || error instanceof TaskFailed) return
        if (!(error instanceof StillRunning)) log(error)
        const event = errorEvent(error)
        if (event !== undefined) send(event)
      } finally {
        clearInterval(heartbeat)
        await written
      }
    })
  })
