import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run, runInShell } from "./gentask.ts"
import { newFolder } from "./project.ts"

const skill = readFileSync(new URL("../skill/SKILL.md", import.meta.url), "utf8")

/** The commands of the code blocks, without comments. */
const commands = Array.from(skill.matchAll(/^```sh\n(.*?)^```/gms), ([, block = ""]) => linesOf(block))
  .flat()
  .map((line) => line.replace(/ +#.*$/, ""))

describe("gentask skill", () => {
  const emulated = useEmulator()

  it("prints a skill whose name is that of its folder, and whose description is short enough", async () => {
    const { status, stdout, stderr } = await run(["skill"])
    assert.deepStrictEqual({ status, stderr, stdout }, { status: 0, stderr: "", stdout: skill })
    const [, name, description = ""] =
      /^---\nname: ([a-z-]+)\ndescription: (.+)\nlicense: MIT\n---\n/.exec(stdout) ?? []
    assert.strictEqual(name, "gentask")
    // The limit of the Agent Skills format.
    assert.isAtMost(description.length, 1024)
    assert.deepStrictEqual(onlyJsonOf((await run(["skill", "--json"])).stdout), {
      path: null,
      result: null,
      text: skill
    })
  })

  it("has only commands that work as they stand", async () => {
    const cwd = newFolder()
    const options = { cwd, env: { ...emulated.env, XDG_STATE_HOME: cwd } }
    let ref = ""
    for (const command of commands) {
      const line = command.replace(/'fal:[^']*'/, `'${ref}'`)
      const { status, stdout, stderr } = await runInShell(line, options)
      assert.strictEqual(status, 0, `${line}\n${stderr}`)
      if (line.includes("--idempotency-key")) ref = String(jsonLinesOf(stdout)[0]?.["ref"])
    }
    assert.match(ref, /^fal:/)
    assert.isNotEmpty(readdirSync(join(cwd, "out")))
  })

  it("is installed for the project, the user or a folder, and replaced only if requested", async () => {
    const cwd = newFolder()
    const home = newFolder()
    const options = { cwd, env: { HOME: home, USERPROFILE: home } }
    const path = join(".agents", "skills", "gentask", "SKILL.md")
    const install = await run(["skill", "--install"], options)
    assert.deepStrictEqual(
      { status: install.status, stdout: install.stdout },
      { status: 0, stdout: `${path}\n` }
    )
    assert.strictEqual(readFileSync(join(cwd, path), "utf8"), skill)
    assert.include((await run(["skill", "--install"], options)).stderr, "up to date")
    assert.strictEqual((await run(["skill", "--user"], options)).status, 0)
    assert.isTrue(existsSync(join(home, path)))

    const other = join(cwd, ".claude", "skills", "gentask")
    mkdirSync(other, { recursive: true })
    writeFileSync(join(other, "SKILL.md"), "mine")
    const refused = await run(["skill", "--dir", ".claude/skills"], options)
    assert.strictEqual(refused.status, 2)
    assert.include(refused.stderr, "--overwrite replaces it.")
    assert.strictEqual(readFileSync(join(other, "SKILL.md"), "utf8"), "mine")
    const replaced = await run(["skill", "--dir", ".claude/skills", "--overwrite", "--json"], options)
    assert.deepInclude(onlyJsonOf(replaced.stdout), { result: "replaced" })
    assert.strictEqual(readFileSync(join(other, "SKILL.md"), "utf8"), skill)
  })

  it("rejects two folders, and explains a folder that cannot be written", async () => {
    const cwd = newFolder()
    const both = await run(["skill", "--user", "--dir", "x"], { cwd })
    assert.strictEqual(both.status, 2)
    assert.include(both.stderr, "--user and --dir exclude each other")
    writeFileSync(join(cwd, "file"), "")
    const blocked = await run(["skill", "--dir", "file"], { cwd })
    assert.strictEqual(blocked.status, 2)
    assert.match(blocked.stderr, /Cannot write .*file/)
  })
})
