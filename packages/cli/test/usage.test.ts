import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { linesOf, run, runInShell } from "./support.ts"

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string
}

describe("help is data when it was asked for", () => {
  it.each(["query", "wait", "watch", "save", "providers", "emulate", "demo"])(
    "%s has two examples at least",
    async (name) => {
      const { status, stdout, stderr } = await run([name, "--help"])
      assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
      const examples = stdout.slice(stdout.indexOf("EXAMPLES"))
      assert.isAtLeast(linesOf(examples).filter((line) => line.startsWith(`  gentask ${name}`)).length, 2)
    }
  )

  it("prints its version", async () => {
    const expected = { status: 0, stdout: `gentask ${manifest.version}\n`, stderr: "" }
    assert.deepStrictEqual(await run(["--version"]), expected)
    assert.deepStrictEqual(await run(["query", "--version"]), expected)
  })
})

describe("a usage error answers 2, leaves the standard output empty and says what was meant", () => {
  it.each([
    [["qury", "jimmy:1"], "query"],
    [["query", "--jsn", "jimmy:1"], "--json"],
    [["query"], "Missing required argument: ref"],
    [["wait", "jimmy:1", "--timeout", "soon"], "10m, 90s, 1h30m, 500ms, or a plain number of seconds"],
    [["emulate", "--port", "70000"], "a port, from 0 to 65535"],
    [["save", "jimmy:1"], "gentask: There is no folder to save into. Give one: gentask save REF -o DIR"],
    [[], "USAGE"]
  ])("%j", async (args, hint) => {
    const { status, stdout, stderr } = await run(args)
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.include(stderr, hint)
  })
})

describe("--completions", () => {
  it("prints a script that bash can read", async () => {
    const { status, stdout } = await run(["--completions", "bash"])
    assert.strictEqual(status, 0)
    const checked = spawnSync("bash", ["-n"], { input: stdout })
    assert.strictEqual(checked.stderr.toString(), "")
    for (const word of ["query", "wait", "watch", "save", "providers", "emulate", "demo"])
      assert.include(stdout, word)
  })

  it.each(["zsh", "fish", "powershell"])("knows %s", async (shell) => {
    const { status, stdout } = await run(["--completions", shell])
    assert.strictEqual(status, 0)
    assert.include(stdout, "gentask")
  })
})

describe("an empty list", () => {
  it("is done at once", async () => {
    assert.deepStrictEqual(await runInShell("printf '\\n# nothing\\n' | gentask query -"), {
      status: 0,
      stdout: "",
      stderr: ""
    })
  })
})
