/** The built command line, killed without warning while it saves, and run again: the file ends whole. */
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { readFile, readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { temporaryFolder } from "./folder.ts"

const main = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url))

it(
  "goes on where it was killed, and fetches nothing again once it is whole",
  { timeout: 60_000 },
  async () => {
    await using emulator = await startEmulator()
    await using folder = await temporaryFolder()
    const size = 4_000_000
    const slow = { fault: "slow", bytesPerSecond: 2_000_000, times: "forever" } as const
    const { id } = emulator.addTask({ vendor: "jimmy", id: "k", mediaSize: size, mediaFaults: [slow] })
    const gentask = () =>
      spawn(process.execPath, [main, "save", `jimmy:${id}`, "-o", folder.path], {
        stdio: "ignore",
        env: { PATH: process.env["PATH"], JIMMY_API_KEY: emulator.apiKey, JIMMY_BASE_URL: emulator.url }
      })
    const part = join(folder.path, ".jimmy_k.part")
    const have = () =>
      stat(part).then(
        ({ size }) => size,
        () => 0
      )

    // Killed at three different moments.
    for (const bytes of [100_000, 1_000_000, 2_000_000]) {
      const child = gentask()
      const exited = new Promise((resolve) => {
        child.once("exit", resolve)
      })
      for (let waited = 0; (await have()) < bytes && waited < 400; waited += 1) await delay(25)
      child.kill("SIGKILL")
      await exited
      expect((await readdir(folder.path)).filter((name) => !name.startsWith("."))).toEqual([])
    }

    const run = async () => {
      const child = gentask()
      return new Promise((resolve) => {
        child.once("exit", resolve)
      })
    }
    expect(await run()).toBe(0)
    const digest = createHash("sha256")
      .update(await readFile(join(folder.path, "jimmy_k.png")))
      .digest("hex")
    expect(digest).toBe(await emulator.digest("jimmy", id))
    expect((await readdir(folder.path)).toSorted()).toEqual(["jimmy_k.png", "jimmy_k.png.json"])
    const fetches = emulator.requests.filter(({ purpose }) => purpose === "media")
    // Each run asked for what was missing, and no run for what was there.
    expect(fetches.slice(1).every(({ headers }) => /^bytes=[1-9]\d*-$/.test(headers.range ?? ""))).toBe(true)
    expect(await run()).toBe(0)
    expect(emulator.requests.filter(({ purpose }) => purpose === "media")).toHaveLength(fetches.length)
  }
)
