import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises"
import { readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { describe, expect, it, vi } from "vitest"
import { startEmulator } from "@gentask/emulator"

const example = fileURLToPath(new URL("..", import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(example, "package.json"), "utf8")) as {
  readonly scripts: { readonly start: string }
}

/** Starts an emulator, and creates a folder to run the script in. */
const start = async () => {
  const emulator = await startEmulator()
  const path = await mkdtemp(join(tmpdir(), "gentask-"))
  return {
    emulator,
    path,
    /** Runs the script as its package.json says. Sends SIGINT when `interruption` resolves. */
    run: async (args: ReadonlyArray<string>, input = "", interruption?: Promise<void>) => {
      const [, script = ""] = scripts.start.split(" ")
      const child = spawn(process.execPath, [join(example, script), ...args], {
        cwd: path,
        env: {
          PATH: process.env["PATH"],
          NODE_OPTIONS: "--conditions=@gentask/source --disable-warning=ExperimentalWarning",
          JIMMY_API_KEY: emulator.apiKey,
          JIMMY_BASE_URL: emulator.url,
          SORA_API_KEY: emulator.apiKey,
          SORA_BASE_URL: emulator.url
        }
      })
      const exited = once(child, "exit")
      child.stdin.end(input)
      const output = Promise.all([text(child.stdout), text(child.stderr)])
      void interruption?.then(() => child.kill("SIGINT"))
      const [status] = (await exited) as [number | null]
      const [stdout, stderr] = await output
      return { status, lines: stdout.trim().split("\n").toSorted(), stderr }
    },
    list: (name: string, lines: ReadonlyArray<string>) => writeFile(join(path, name), lines.join("\n")),
    [Symbol.asyncDispose]: async () => {
      await emulator.close()
      await rm(path, { recursive: true, force: true })
    }
  }
}

const digestOf = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex")

describe.concurrent("the script", { timeout: 120_000 }, () => {
  it("saves the outputs of each task, and exits with 0", async () => {
    await using here = await start()
    const { emulator } = here
    emulator.addTask({ vendor: "jimmy", id: "1" })
    emulator.addTask({ vendor: "sora", id: "sora-2:2", runningFor: 1000 })
    await here.list("refs.txt", ["# two tasks, one of them twice", "jimmy:1", "", "sora:sora-2:2", "jimmy:1"])
    const { status, lines, stderr } = await here.run(["refs.txt"])
    const image = join(here.path, "out", "jimmy_1.png")
    const video = join(here.path, "out", "sora_sora-2~2.mp4")
    expect({ status, lines, stderr }).toEqual({
      status: 0,
      lines: [`jimmy:1\tsaved\t${image}`, `sora:sora-2:2\tsaved\t${video}`],
      stderr: ""
    })
    expect([await digestOf(image), await digestOf(video)]).toEqual([
      await emulator.digest("jimmy", "1"),
      await emulator.digest("sora", "sora-2:2")
    ])
    expect((await readdir(here.path)).toSorted()).toEqual(["out", "refs.txt"])
  })

  it("reads the list from the standard input, and continues after failed tasks and invalid refs", async () => {
    await using here = await start()
    here.emulator.addTask({ vendor: "jimmy", id: "1" })
    const failure = { message: "No such style." }
    here.emulator.addTask({ vendor: "jimmy", id: "2", end: "failed", failure })
    const { status, lines } = await here.run(["-"], "jimmy:1\nno ref\njimmy:2\n")
    expect(lines).toEqual([
      `jimmy:1\tsaved\t${join(here.path, "out", "jimmy_1.png")}`,
      "jimmy:2\tfailed\tjimmy:2 failed (unknown): No such style.",
      'no ref\tfailed\tInvalid task ref "no ref": expected provider:taskId.'
    ])
    expect(status).toBe(1)
    expect(await readdir(here.path)).toEqual(["out"])
  })

  it("writes the refs that are left at the timeout, and resumes with them", async () => {
    await using here = await start()
    here.emulator.addTask({ vendor: "jimmy", id: "1" })
    here.emulator.addTask({ vendor: "jimmy", id: "a/b c", end: "never" })
    // The second ref is not in its canonical form.
    const first = await here.run(["-", "--minutes", "0.03"], "jimmy:1\njimmy:%61%2Fb%20c\naigptimage:3\n")
    expect(first).toEqual({
      status: 3,
      lines: [
        "aigptimage:3\tquery failed\taigptimage has no API key. Set AIGPTIMAGE_API_KEY, or pass the option apiKey.",
        `jimmy:1\tsaved\t${join(here.path, "out", "jimmy_1.png")}`,
        "jimmy:a/b%20c\tstill running\tjimmy:a/b%20c is still running at the deadline. Wait for the same ref to resume."
      ],
      stderr: "2 left. To resume: pnpm start left.txt\n"
    })
    expect(await readFile(join(here.path, "left.txt"), "utf8")).toBe("jimmy:a/b%20c\naigptimage:3\n")

    here.emulator.removeTask("jimmy", "a/b c")
    here.emulator.addTask({ vendor: "jimmy", id: "a/b c" })
    await here.list("left.txt", ["jimmy:a/b%20c"])
    const second = await here.run(["left.txt"])
    expect([second.status, second.lines]).toEqual([
      0,
      [`jimmy:a/b%20c\tsaved\t${join(here.path, "out", "jimmy_a%2Fb%20c.png")}`]
    ])
    expect((await readdir(here.path)).toSorted()).toEqual(["out"])
  })

  it("prints failed polls, and continues", async () => {
    await using here = await start()
    here.emulator.addTask({ vendor: "jimmy", id: "1", faults: [{ fault: "status", status: 503 }] })
    const { status, stderr } = await here.run(["-"], "jimmy:1\n")
    expect(status).toBe(0)
    expect(stderr).toMatch(/^jimmy:1: the vendor is temporarily unavailable .* Next poll in \d+ s\.\n$/)
  })

  it("writes the refs that are left after SIGINT, including one whose outputs are being saved", async () => {
    await using here = await start()
    here.emulator.addTask({ vendor: "jimmy", id: "1", end: "never" })
    const slow = { fault: "slow", bytesPerSecond: 20_000, times: "forever" } as const
    here.emulator.addTask({ vendor: "jimmy", id: "2", mediaSize: 1_000_000, mediaFaults: [slow] })
    const out = join(here.path, "out")
    const isSaving = vi.waitFor(
      async () => {
        const partial = (await readdir(out)).find((name) => name.endsWith(".part"))
        expect((await stat(join(out, partial ?? "missing"))).size).toBeGreaterThan(0)
      },
      { timeout: 60_000 }
    )
    const { status, stderr } = await here.run(["-"], "jimmy:1\njimmy:2\n", isSaving)
    expect([status, stderr]).toEqual([3, "2 left. To resume: pnpm start left.txt\n"])
    expect(await readFile(join(here.path, "left.txt"), "utf8")).toBe("jimmy:1\njimmy:2\n")
    expect((await readdir(out)).toSorted()).toEqual([".jimmy_2.part", ".jimmy_2.part.json"])
  })
})
