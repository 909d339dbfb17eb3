import { createGentask } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import type { Prepare } from "./SavingRun.ts"

/** Saves with gentask. */
export const prepare: Prepare = async ({ files, size }, baseUrl, dir) => {
  const gentask = createGentask({ providers: [jimmy({ apiKey: "sk-bench-0123456789", baseUrl })] })
  const tasks: Array<TaskSnapshot> = []
  for (let number = 0; number < files; number += 1)
    tasks.push(await gentask.query(`jimmy:${size}-${number}?kind=video`))
  return async () => {
    const task = tasks.pop()
    if (task === undefined) return false
    const saved = await gentask.save(task, { dir })
    if (saved[0]?.bytes !== size) throw new Error(`${task.ref} was not saved completely.`)
    return true
  }
}
