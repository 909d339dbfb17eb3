/**
 * Writes to a ledger from a separate process: `node ledgerWriter.ts MODE PATH PREFIX COUNT`. Prints a line of JSON after
 * each acknowledged write.
 *
 * - `race`: begins COUNT intents with the keys PREFIX-1, PREFIX-2 and so on, after a line on standard input
 * - `loop`: begins and settles intents until it is killed
 * - `open`: opens and closes the ledger
 * - `lock`: locks the file for COUNT milliseconds
 */
import { once } from "node:events"
import { writeSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { openLedger } from "@gentask/ledger"
import { makeIntent, makeSnapshot } from "./records.ts"

const [mode, path = "", prefix = "", count = "1"] = process.argv.slice(2)

// Synchronous, so that a line is written before the process can be killed.
const print = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`)

const race = async (): Promise<void> => {
  await using ledger = await openLedger({ path })
  print({ ready: true })
  await once(process.stdin, "data")
  for (let index = 1; index <= Number(count); index += 1) {
    const key = `${prefix}-${index}`
    const { isNew, intent } = await ledger.begin(makeIntent({ idempotencyKey: key }))
    print({ key, isNew, id: intent.id })
  }
  process.stdin.destroy()
}

const loop = async (): Promise<void> => {
  await using ledger = await openLedger({ path })
  for (let index = 1; ; index += 1) {
    const { intent } = await ledger.begin(makeIntent({ idempotencyKey: `${prefix}-${index}` }))
    print({ begun: intent.id })
    const tasks = [makeSnapshot(`${prefix}-${index}-a`), makeSnapshot(`${prefix}-${index}-b`)]
    await ledger.settle(intent.id, { state: "accepted", tasks, attempts: 1 })
    print({ settled: intent.id, refs: tasks.map(({ ref }) => ref) })
  }
}

const open = async (): Promise<void> => {
  print({ opening: true })
  const ledger = await openLedger({ path })
  await ledger.close()
  print({ closed: true })
}

const lock = async (): Promise<void> => {
  const database = new DatabaseSync(path)
  database.exec("begin immediate")
  print({ locked: true })
  setTimeout(() => {
    database.exec("commit")
    database.close()
  }, Number(count))
}

await { race, loop, open, lock }[mode as "race" | "loop" | "open" | "lock"]()
