import { mkdtempSync, rmSync } from "node:fs"
import { randomUUID } from "node:crypto"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openSqlite } from "./databases.ts"
import { measureTakeOver } from "./measureTakeOver.ts"
const folder = mkdtempSync(join(tmpdir(), "gentask-poll-"))
await using database = await openSqlite(folder, randomUUID())


const r = await measureTakeOver(database, { pid: () => 1 } as never, folder, { tasks: 1_000_000, interval: 200_000, milliseconds: Number(process.argv[2] ?? 10000), skipsFirstPolls: false, hasRequestIds: process.argv[3] === "ids" })
console.log(JSON.stringify({all:r.allScheduled,first:r.firstPoll,cpuPerTask:r.cpuPerTask,bytes:r.bytesPerTask,poll:r.cpuPerPoll}))
rmSync(folder, { recursive: true, force: true })
process.exit()
