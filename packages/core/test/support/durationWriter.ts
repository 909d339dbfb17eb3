/** Records durations in a shared file from a separate process: `node durationWriter.ts PATH KEY COUNT`. */
import { DurationStore } from "@gentask/core"

const [path = "", key = "", count = "0"] = process.argv.slice(2)
const store = await DurationStore.file(path)
for (let index = 1; index <= Number(count); index += 1) {
  store.record(key, { ages: [{ from: 0, until: index, ended: true }], shares: [] })
  await store.flush()
}
