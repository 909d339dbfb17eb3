import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { linesOf, run, runInShell } from "./gentask.ts"

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string
}

const commands =
  "generate submit query wait watch save list show retry cancel reconcile models balance providers emulate demo".split(
    " "
  )

describe("--help", () => {
  it.each(commands)("prints at least two examples of %s on the standard output", async (name) => {
    const { status, stdout, stderr } = await run([name, "--help"])
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const examples = stdout.slice(stdout.indexOf("EXAMPLES"))
    assert.isAtLeast(linesOf(examples).filter((line) => line.startsWith(`  gentask ${name}`)).length, 2)
  })
})

describe("help", () => {
  it.each([[[]], [["wait"]], [["new", "provider"]], [["providers"]]])(
    "prints the same as --help for %j",
    async (path) => {
      const expected = await run([...path, "--help"])
      assert.strictEqual(expected.status, 0)
      assert.deepStrictEqual(await run(["help", ...path]), expected)
      assert.deepStrictEqual(await run(["--no-color", "help", ...path]), expected)
    }
  )

  it("fails with status 2 for an unknown command", async () => {
    assert.deepStrictEqual(await run(["help", "wiat"]), {
      status: 2,
      stdout: "",
      stderr: 'gentask: Unknown command "wiat". Did you mean wait? See gentask --help.\n'
    })
  })

  it.each([[], ["generate"], ["submit"], ["query"], ["wait"], ["watch"], ["save"], ["retry"], ["reconcile"]])(
    "names the variables of API keys, the exit statuses and the documentation (%s)",
    async (...path) => {
      const { stdout } = await run([...path, "--help"])
      for (const id of ["JIMMY", "SORA", "JIMENG", "AIGPTIMAGE"]) assert.include(stdout, `${id}_API_KEY`)
      assert.include(stdout, "HTTPS_PROXY")
      for (const status of [0, 1, 2, 3, 4, 5, 6, 7, 70, 130])
        assert.match(stdout, new RegExp(`^  ${status} +[a-z]`, "m"))
      assert.include(stdout, "https://github.com/gentask/gentask/tree/main/packages/cli#readme")
    }
  )

  it("separates all sections by blank lines", async () => {
    for (const args of [[], ["new"], ["wait"]]) {
      const { stdout } = await run([...args, "--help"])
      const titles = linesOf(stdout).filter((line) => /^[A-Z]/.test(line))
      assert.deepStrictEqual(
        stdout.split("\n\n").flatMap((section) => /^[A-Z][A-Z ]*/.exec(section) ?? []),
        titles
      )
    }
  })

  it("describes the flags of providers", async () => {
    const { stdout } = await run(["providers", "--help"])
    assert.match(stdout, /^ {2}--json +Print one JSON object per account and line$/m)
    assert.include(stdout, "JIMMY_API_KEY")
  })
})

describe("--version", () => {
  it("prints the version, with and without a command", async () => {
    const expected = { status: 0, stdout: `gentask ${manifest.version}\n`, stderr: "" }
    assert.deepStrictEqual(await run(["--version"]), expected)
    assert.deepStrictEqual(await run(["query", "--version"]), expected)
  })
})

describe("an invalid command line", () => {
  it.each([
    [["qury", "jimmy:1"], 'Unknown command "qury". Did you mean query? See gentask --help.'],
    [["new", "provder"], 'Unknown command "provder". Did you mean provider? See gentask new --help.'],
    [["query", "--jsn", "jimmy:1"], "Unknown flag --jsn. Did you mean --json? See gentask query --help."],
    [["query"], "Missing required argument: ref. See gentask query --help."],
    [["providers", "x"], 'Unexpected argument "x". See gentask providers --help.'],
    [
      ["wait", "jimmy:1", "--timeout", "soon"],
      'Invalid value "soon" for --timeout: expected a duration such as 10m, 90s, 1h30m, 500ms, or a plain number of seconds. See gentask wait --help.'
    ],
    [["submit", "jimmy"], "Missing required argument: model. See gentask submit --help."],
    [
      ["generate", "jimmy", "m", "--count", "0"],
      'Invalid value "0" for --count: expected a whole number from 1. See gentask generate --help.'
    ],
    [
      ["submit", "jimmy", "m", "--prompt-file", "/nowhere/prompt.txt"],
      'Invalid --prompt-file: cannot read "/nowhere/prompt.txt": there is no such file. Nothing was sent.'
    ],
    [
      ["submit", "--batch", "-", "-p", "x", "--seed", "1"],
      "--prompt, --seed cannot be combined with --batch. Write them into each line of the batch."
    ],
    [
      ["emulate", "--port", "70000"],
      'Invalid value "70000" for --port: expected a port from 0 to 65535. See gentask emulate --help.'
    ],
    [
      ["save", "jimmy:1", "-o", ""],
      "Missing value for --out: expected text that is not empty. See gentask save --help."
    ],
    [
      ["wait", "jimmy:1", "--save="],
      "Missing value for --save: expected text that is not empty. See gentask wait --help."
    ],
    [
      ["save", "jimmy:1"],
      "No output folder is set. Add -o DIR or --to TARGET, or set out in gentask.config.json. See gentask save --help."
    ]
  ])("fails with status 2 and one line for %j", async (args, message) => {
    assert.deepStrictEqual(await run(args), { status: 2, stdout: "", stderr: `gentask: ${message}\n` })
  })

  it("prints the help on the standard error if there is no command", async () => {
    const { status, stdout, stderr } = await run([])
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.include(stderr, "USAGE")
  })

  it("prints no control characters of its arguments", async () => {
    const { stderr } = await run(["query\u001b[2J"])
    assert.notMatch(stderr.trimEnd(), /\p{Cc}/u)
  })
})

describe("--completions", () => {
  it("prints a script that bash can parse", async () => {
    const { status, stdout } = await run(["--completions", "bash"])
    assert.strictEqual(status, 0)
    const parsed = spawnSync("bash", ["-n"], { input: stdout })
    assert.strictEqual(parsed.stderr.toString(), "")
    for (const name of commands) assert.include(stdout, name)
  })

  it.each(["zsh", "fish", "powershell"])("supports %s", async (shell) => {
    const { status, stdout } = await run(["--completions", shell])
    assert.strictEqual(status, 0)
    assert.include(stdout, "gentask")
  })
})

describe("an empty list", () => {
  it("succeeds without output", async () => {
    assert.deepStrictEqual(await runInShell("printf '\\n# nothing\\n' | gentask query -"), {
      status: 0,
      stdout: "",
      stderr: ""
    })
  })
})
