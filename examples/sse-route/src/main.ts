/** Serves the tasks of its arguments: `pnpm start jimmy:1234 sora:sora-2:task_01k6…`. */
import { serve } from "@hono/node-server"
import { createGentask, PollPolicy, TaskRef } from "@gentask/core"
import { accounts } from "./accounts.ts"
import { makeApp } from "./app.ts"
import { page } from "./page.ts"

const { PORT = "3000", MAX_WAIT_SECONDS = "600" } = process.env
const refs = process.argv.slice(2).map((text) => TaskRef.format(TaskRef.parse(text)))

const gentask = createGentask({
  providers: accounts,
  // A visitor is waiting, so this polls more often than the default, which starts with two seconds.
  pollPolicy: PollPolicy.growing({ min: "1 second" })
})

const app = makeApp({
  gentask,
  // A real server checks in its database who owns the task. This one shows the tasks of its arguments to everyone.
  mayWatch: (_, ref) => refs.includes(ref),
  maxWaitMs: Number(MAX_WAIT_SECONDS) * 1000,
  log: (error) => console.error(error instanceof Error ? error.message : error)
})
app.get("/", (context) => context.html(page(refs)))

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(PORT) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`)
})

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close()
    // Ends all waits and their streams. Browsers reconnect to the next server.
    void gentask.close()
  })
}
