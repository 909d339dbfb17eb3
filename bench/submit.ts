/** The cost of a submit, compared with SDKs of other vendors. `pnpm bench:submit [--quick]` */
import { mkdtempSync, rmSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { openLedger } from "@gentask/ledger"
import { runPart } from "./measure/Report.ts"
import type { Findings } from "./measure/Report.ts"
import { ratioOf } from "./measure/Spread.ts"
import { measureTimes, timingOf } from "./measure/timing.ts"
import type { Timing } from "./measure/timing.ts"
import { Worker } from "./measure/Worker.ts"
import { floor, recorded, submitOperations } from "./submit/contestants.ts"

const warmUp = 50

const cheaperThanRecorded = (timings: ReadonlyArray<Timing>): ReadonlyArray<string> => {
  const own = timings.find(({ name }) => name === recorded)?.wall.median ?? Number.NaN
  const cheaper = timings
    .filter(({ name, wall }) => !name.startsWith("gentask") && wall.median < own)
    .map(({ name, wall }) => `${name} (${wall.median.toFixed(2)} ms)`)
  return cheaper.length === 0
    ? []
    : [
        `A recorded submit takes ${own.toFixed(2)} ms. Faster, without a record of the task: ${cheaper.join(", ")}.`
      ]
}

const measure = async (isQuick: boolean): Promise<Findings> => {
  const folder = mkdtempSync(join(tmpdir(), "gentask-bench-"))
  await using server = Worker.start<"url", string>(new URL("submit/server.ts", import.meta.url), "server")
  const ledger = await openLedger({ path: join(folder, "ledger.db") })
  try {
    const operations = submitOperations(await server.request("url"), ledger)
    await measureTimes(operations, warmUp)
    const times = await measureTimes(operations, isQuick ? 100 : 500)
    const timings = operations.map(({ name }, index) => timingOf(name, times[index] ?? []))
    const wallsOf = (index: number): ReadonlyArray<number> => (times[index] ?? []).map(({ wall }) => wall)
    const place = operations.findIndex(({ name }) => name === floor)
    const ratios = operations.map((_, index) => ratioOf(wallsOf(index), wallsOf(place)))
    return {
      title: "Submit",
      tables: [
        {
          title: "One submit at a time",
          note: `Time until the task id is known. "× floor" is the ratio of the wall time to \`undici.request\` and \`JSON.parse\` on a new connection, round by round. gentask sends each submit on a new connection, and with the ledger, syncs two transactions to the disk. The load average of the last minute was ${(loadavg()[0] ?? 0).toFixed(1)}.`,
          columns: ["", "wall ms", "middle half", "× floor", "CPU ms"],
          rows: timings.map(({ name, wall, cpu }, index) => [
            name,
            wall.median.toFixed(2),
            `${wall.low.toFixed(2)}–${wall.high.toFixed(2)}`,
            ratios[index]?.median.toFixed(2) ?? "",
            cpu.median.toFixed(2)
          ])
        }
      ],
      targets: [],
      behind: cheaperThanRecorded(timings),
      onAllCores: true,
      packages: ["undici", "openai", "replicate"],
      numbers: { timings, ratios }
    }
  } finally {
    await ledger.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

await runPart("submit", measure)
