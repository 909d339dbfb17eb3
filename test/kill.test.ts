import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { readFile, readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it, vi } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"

const main = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url))

it(
  "resumes a download after each SIGKILL of the command line, and requests only the missing bytes",
  { timeout: 120_000 },
  async () => {
    await using emulator = await startEmulator()
    await using folder = await temporaryFolder()
    const slow = { fault: "slow", bytesPerSecond: 2_000_000, times: "forever" } as const
    const { id } = emulator.addTask({
      vendor: "jimmy",
      id: "k",
      mediaSize: 4_000_000,
      mediaFaults: [slow]
    })
    const save = () =>
      spawn(process.execPath, [main, "save", `jimmy:${id}`, "-o", folder.path], {
        stdio: "ignore",
        env: { PATH: process.env["PATH"], JIMMY_API_KEY: emulator.apiKey, JIMMY_BASE_URL: emulator.url }
      })
    const saveToEnd = async () => {
      const [status] = (await once(save(), "exit")) as [number | null]
      return status
    }
    const mediaRequests = () => emulator.requests.filter(({ purpose }) => purpose === "media")

    for (const size of [100_000, 1_000_000, 2_000_000]) {
      const child = save()
      const exited = once(child, "exit")
      // Each process has its own partial file, and updates a note about it from time to time.
      await vi.waitFor(
        async () => {
          const names = await readdir(folder.path)
          const notes = names.filter((name) => name.endsWith(".part.json"))
          const sizes = notes.map(async (note) => (await stat(join(folder.path, note.slice(0, -5)))).size)
          expect(Math.max(0, ...(await Promise.all(sizes)))).toBeGreaterThanOrEqual(size)
        },
        { timeout: 20_000, interval: 10 }
      )
      child.kill("SIGKILL")
      await exited
      expect((await readdir(folder.path)).filter((name) => !name.startsWith("."))).toEqual([])
    }

    expect(await saveToEnd()).toBe(0)
    const bytes = await readFile(join(folder.path, "jimmy_k.png"))
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(await emulator.digest("jimmy", id))
    expect((await readdir(folder.path)).toSorted()).toEqual(["jimmy_k.png", "jimmy_k.png.json"])
    const requests = mediaRequests()
    expect(requests).toHaveLength(4)
    expect(requests.slice(1).every(({ headers }) => /^bytes=[1-9]\d*-$/.test(headers.range ?? ""))).toBe(true)

    expect(await saveToEnd()).toBe(0)
    expect(mediaRequests()).toHaveLength(requests.length)
  }
)
