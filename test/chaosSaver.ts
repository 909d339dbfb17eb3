/**
 * Waits for a task of Jimeng on an emulator and saves it, in a separate process. Prints one JSON object per event:
 * `node chaosSaver.ts BASE_URL API_KEY REF DIR`.
 */
import { createGentask, PollPolicy } from "@gentask/core"
import jimeng from "./vendors/jimeng.ts"

const [baseUrl = "", apiKey = "", ref = "", dir = ""] = process.argv.slice(2)
const print = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`)

const gentask = createGentask({
  providers: jimeng.accounts(baseUrl, apiKey),
  pollPolicy: PollPolicy.growing({ min: 200, max: 2000 }),
  notFound: { times: 4, grace: 3000 },
  requestTimeout: 5000
})
try {
  const snapshot = await gentask.wait(ref)
  const saved = await gentask.save(snapshot, {
    dir,
    onWait: (_, message) => print({ wait: message })
  })
  print({ saved })
} catch (error) {
  print({ error: String(error) })
}
await gentask.close()
