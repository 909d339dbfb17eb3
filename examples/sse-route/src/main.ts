/** Serves the tasks that it is started with: `pnpm start jimmy:1234 sora:sora-2:task_01k6…`. */
import { serve } from "@hono/node-server"
import { createGentask, PollPolicy, TaskRef } from "@gentask/core"
import { accounts } from "./accounts.ts"
import { makeApp } from "./app.ts"
import { page } from "./page.ts"

const { PORT = "3000", LONGEST_WAIT_SECONDS = "600" } = process.env
const refs = process.argv.slice(2).map((text) => TaskRef.format(TaskRef.parse(text)))

const gentask = createGentask({
  providers: accounts,
  // People are looking: asks somewhat sooner than the default, which begins with two seconds.
  pollPolicy: PollPolicy.growing({ min: 1000 })
})

const app = makeApp({
  gentask,
  // A real server asks its database whose task this is; this one serves its command line's to everybody.
  mayWatch: (_, ref) => refs.includes(ref),
  longestWait: Number(LONGEST_WAIT_SECONDS) * 1000,
  log: (error) => console.error(error instanceof Error ? error.message : error)
})
app.get("/", (context) => context.html(page(refs)))

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(PORT) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`)
})

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close()
    // Ends the waits, and with them the streams; the browsers come again to the server that follows.
    void gentask.close()
  })
}
