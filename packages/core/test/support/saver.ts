/**
 * Saves a task from a separate process, and prints one JSON object per event: `node saver.ts BASE_URL DIR`.
 *
 * SIGTERM makes the process exit without further cleanup.
 */
import { createGentask } from "@gentask/core"
import { account } from "./acme.ts"

const [baseUrl = "", dir = ""] = process.argv.slice(2)
const print = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`)

process.on("SIGTERM", () => process.exit(143))

const gentask = createGentask({ providers: [account({ baseUrl })] })
try {
  const [file] = await gentask.save("acme:1", {
    dir,
    onRetry: (_, reason) => print({ retry: reason }),
    onWait: (_, message) => print({ wait: message })
  })
  print({ saved: file?.path, alreadySaved: file?.alreadySaved })
} catch (error) {
  print({ error: String(error) })
}
await gentask.close()
