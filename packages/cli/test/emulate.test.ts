import { existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it, vi } from "vitest"
import { jsonLinesOf, linesOf, run, start } from "./gentask.ts"
import { newFolder } from "./project.ts"

describe("emulate", () => {
  it("prints variables that connect gentask to it, and refs to query", async () => {
    const running = start(["emulate"])
    await vi.waitFor(() => assert.isAtLeast(linesOf(running.stderr()).length, 9), 10_000)
    const env = Object.fromEntries(
      linesOf(running.stdout()).map((line) => {
        const [, name = "", value = ""] = /^export ([A-Z_]+)=(\S+)$/.exec(line) ?? []
        return [name, value]
      })
    )
    assert.includeMembers(
      Object.keys(env),
      [
        "AIGPTIMAGE",
        "AIGPTIMAGE_KIE",
        "JIMENG_DEEPWL",
        "JIMENG_OCTOPUSX",
        "JIMMY",
        "REPLICATE",
        "SORA"
      ].flatMap((prefix) => [`${prefix}_API_KEY`, `${prefix}_BASE_URL`])
    )
    const refs = Array.from(running.stderr().matchAll(/^ {2}gentask query (\S+) {2}/gm), ([, ref = ""]) =>
      ref.replaceAll("'", "")
    )
    // Those of vendors with a base URL of their own follow.
    assert.isAtLeast(refs.length, 8)
    const { status, stdout } = await run(["query", "--json", ...refs.slice(0, 8)], { env })
    assert.strictEqual(status, 0)
    assert.deepStrictEqual(
      jsonLinesOf(stdout).map((line) => line["status"]),
      ["succeeded", "running", "succeeded", "running", "succeeded", "running", "succeeded", "failed"]
    )
    running.child.kill("SIGINT")
    assert.strictEqual((await running.result).status, 130)
  })

  it("fails with status 2 if its port is in use", async () => {
    const first = start(["emulate", "--empty"])
    await vi.waitFor(() => assert.include(first.stderr(), "_emulator/tasks"), 10_000)
    const port = /:(\d+) until Ctrl-C/.exec(first.stderr())?.[1] ?? ""
    const second = await run(["emulate", "--port", port])
    assert.strictEqual(second.status, 2)
    assert.match(
      second.stderr,
      /^gentask: Cannot start the emulator: .*EADDRINUSE.*\. Choose another port, or omit --port to use a free one\. See gentask emulate --help\.\n$/
    )
    first.child.kill("SIGTERM")
    assert.strictEqual((await first.result).status, 143)
  })
})

describe("demo", () => {
  it("submits for five formats, saves the outputs, prints a table and lists the tasks", async () => {
    const [out, home] = [join(newFolder(), "out"), newFolder()]
    // The emulator is on this machine, so the demo uses no proxy.
    const env = { HTTP_PROXY: "http://127.0.0.1:1", HOME: home }
    const { status, stdout, stderr } = await run(["demo", "--out", out], { env })
    assert.strictEqual(status, 0, stderr)
    const lines = linesOf(stdout).map((line) => line.split(/ {2,}/))
    const [head, ...rows] = lines.slice(0, 6)
    assert.deepStrictEqual(head, ["REF", "STATUS", "SECONDS", "FILE", "BYTES"])
    const accounts = rows.map(([ref = "", word, , file = "", bytes]) => {
      assert.strictEqual(statSync(join(out, file)).size, Number(bytes))
      return [ref.slice(0, ref.indexOf(":")), word, file.slice(file.lastIndexOf("."))]
    })
    assert.sameDeepMembers(accounts, [
      ["jimmy", "succeeded", ".png"],
      ["sora", "succeeded", ".mp4"],
      ["jimeng@octopusx", "succeeded", ".jpg"],
      ["jimeng@deepwl", "succeeded", ".jpg"],
      ["aigptimage", "succeeded", ".png"]
    ])
    assert.lengthOf(readdirSync(out), 10)
    const [listHead, ...listed] = lines.slice(6)
    assert.deepStrictEqual(listHead?.slice(0, 3), ["REF", "STATUS", "AGE"])
    assert.sameMembers(
      listed.map(([ref]) => ref),
      rows.map(([ref]) => ref)
    )
    // The user's own ledger is not used.
    assert.lengthOf(readdirSync(home), 0)
    assert.include(stderr, `Output folder: ${out}\n`)
    const nextSteps = linesOf(stderr).slice(-4)
    assert.include(nextSteps, "  export JIMMY_API_KEY=…")
    assert.include(nextSteps, '  gentask generate jimmy gpt-image-2 -p "A fox in the snow" -o out')
  })

  it("fails with status 2 if its folder cannot be created", async () => {
    const { status, stderr } = await run(["demo", "--out", "/dev/null/out"])
    assert.strictEqual(status, 2)
    assert.match(stderr, /^gentask: Cannot create the output folder: /)
    assert.isFalse(existsSync("/dev/null/out"))
  })
})
