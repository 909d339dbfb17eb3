/** A process of its own that learns durations into a shared file: `node durationWriter.ts PATH GROUP COUNT`. */
import { DurationStore } from "@gentask/core"

const [path = "", group = "", count = "0"] = process.argv.slice(2)
const store = await DurationStore.file(path)
for (let index = 1; index <= Number(count); index += 1) {
  store.learn(group, { ages: [{ from: 0, until: index, ended: true }], shares: [] })
  await store.flush()
}
