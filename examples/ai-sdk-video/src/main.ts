/** Serves a page that creates videos. */
import { serve } from "@hono/node-server"
import { serveStatic } from "@hono/node-server/serve-static"
import { createGentaskProvider } from "@gentask/ai-sdk"
import { accountsFromVariables, createGentask, PollPolicy } from "@gentask/core"
import { openLedger } from "@gentask/ledger"
import soraSpec from "@gentask/provider-sora"
import { makeApp } from "./app.ts"
import { page } from "./page.ts"

const { PORT = "3000", MODEL = "sora:sora-2", VIDEOS = "videos" } = process.env

const ledger = await openLedger({ path: `${VIDEOS}/ledger.db` })
const gentask = createGentask({
  providers: accountsFromVariables(soraSpec, process.env),
  ledger,
  // A visitor is waiting, so this polls more often than the default, which starts with two seconds.
  pollPolicy: PollPolicy.growing({ min: "1 second" })
})

const app = makeApp({
  gentask,
  provider: createGentaskProvider({ gentask, save: { dir: VIDEOS } }),
  modelId: MODEL,
  onRef: (ref) => console.error(ref),
  log: (error) => console.error(error instanceof Error ? error.message : error)
})
app.get("/", (context) => context.html(page))
// The ledger is in the same folder, and is not served.
app.get(
  "/videos/:name{[^/]+\\.mp4}",
  serveStatic({ root: VIDEOS, rewriteRequestPath: (path) => path.slice("/videos".length) })
)

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(PORT) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`)
})

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close()
    void gentask.close().then(() => ledger.close())
  })
}
