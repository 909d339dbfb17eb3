/** A tracker in a process of its own. Its options are the first parameter, as JSON. SIGTERM closes it. */
import { flushCompileCache } from "node:module"
import { PollPolicy } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import { startTracker } from "@gentask/tracker"
import type { ProgramOptions } from "./startProgram.ts"

const { accounts, baseUrl, limit, pollMs, userAgent, ...options } = JSON.parse(
  process.argv[2] ?? ""
) as ProgramOptions

const providers = accounts.map(({ account, apiKey }) => {
  const configured = jimmy({ apiKey, baseUrl, userAgent, ...(account === "jimmy" ? {} : { account }) })
  return limit === undefined
    ? configured
    : { ...configured, spec: { ...configured.spec, rateLimits: () => [limit] } }
})

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

try {
  const tracker = await startTracker({
    ...options,
    providers,
    pollPolicy: PollPolicy.fixed(pollMs),
    tokens: [{ token: "token-of-the-tests", scopes: ["read", "submit", "admin"] }],
    allowPrivateWebhooks: true
  })
  process.once("SIGTERM", () => {
    tracker.close().then(
      () => print({ closed: true }),
      (error: unknown) => print({ error: String(error) })
    )
  })
  print({ url: tracker.url })
  // It may be killed, and then it writes nothing at its end.
  flushCompileCache()
} catch (error) {
  print({ error: String(error) })
  process.exitCode = 1
}
