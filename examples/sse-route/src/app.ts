/** `GET /tasks/:ref/events`: the progress of a task, told to a browser as it happens. */
import { Hono } from "hono"
import type { Context } from "hono"
import { streamSSE } from "hono/streaming"
import type { SSEMessage } from "hono/streaming"
import { InvalidTaskRef, StillRunning, TaskFailed, TaskRef } from "@gentask/core"
import type { Gentask } from "@gentask/core"
import { excuse, lastId, told } from "./events.ts"

/** What the route needs. */
export interface AppOptions {
  /** One client for the whole server: browsers that watch the same task then share its polls and the rate limits. */
  readonly gentask: Gentask
  /** Whether this visitor may ask about this task. Without it, anyone who guesses an id sees another's pictures. */
  readonly mayWatch: (context: Context, ref: string) => boolean | Promise<boolean>
  /** How long one connection waits, in milliseconds; the browser then comes again. */
  readonly longestWait: number
  /** Told of what went wrong, for the server's log. */
  readonly log: (error: unknown) => void
}

/** How often an idle connection shows that it is alive, in milliseconds: proxies close silent ones. */
const heartbeat = 15_000

/** The ref, written as equal refs are all written; undefined for a text that is no ref. */
const readRef = (text: string): string | undefined => {
  try {
    return TaskRef.format(TaskRef.parse(text))
  } catch (error) {
    if (error instanceof InvalidTaskRef) return undefined
    throw error
  }
}

export const makeApp = ({ gentask, mayWatch, longestWait, log }: AppOptions): Hono =>
  new Hono().get("/tasks/:ref/events", async (context) => {
    const ref = readRef(context.req.param("ref"))
    // The same answer for both, so that nobody learns which tasks there are.
    if (ref === undefined || !(await mayWatch(context, ref)))
      return context.json({ error: "no such task" }, 404)
    const seen = context.req.header("last-event-id")
    // To a browser, 204 says that it need not come again.
    if (seen === lastId) return context.body(null, 204)

    return streamSSE(context, async (stream) => {
      const gone = new AbortController()
      stream.onAbort(() => gone.abort())
      const beat = setInterval(() => void stream.write(":\n\n"), heartbeat)
      let last = seen
      let written = Promise.resolve()
      const send = (message: SSEMessage): void => {
        written = written.then(() => stream.writeSSE(message))
      }
      try {
        await gentask.wait(ref, {
          timeout: longestWait,
          signal: gone.signal,
          onPollError: ({ error }) => log(error),
          onUpdate: (snapshot) => {
            const event = told(snapshot)
            if (event.id !== last) send(event)
            last = event.id
          }
        })
      } catch (error) {
        // A task that failed was told by onUpdate, and a visitor who left hears nothing.
        if (gone.signal.aborted || error instanceof TaskFailed) return
        if (!(error instanceof StillRunning)) log(error)
        const event = excuse(error)
        if (event !== undefined) send(event)
      } finally {
        clearInterval(beat)
        await written
      }
    })
  })
