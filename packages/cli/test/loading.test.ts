import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import { assert, it } from "vitest"
import { emulatorVariables } from "../src/commands/emulate/emulatorVariables.ts"
import { run } from "./gentask.ts"
import { newFolder } from "./project.ts"

/** Loaded before the command line. Records the files that are loaded after it. */
const recorder = `
  import { registerHooks } from "node:module"
  import { writeFileSync } from "node:fs"
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
  process.on("exit", () => writeFileSync(process.env.LOADED, JSON.stringify(loaded)))
`

/** Returns the names of the chunks that are loaded on use. Shared chunks have no names. */
const namedChunks = (files: ReadonlyArray<string>): ReadonlyArray<string> =>
  files.flatMap(
    (file) => /(?:^|\/chunks\/)(?!chunk-)([\w-]+?)(?:-[A-Z0-9]{8})+\.js$/.exec(file)?.slice(1) ?? []
  )

it("the live display, saving and targets are separate chunks", async () => {
  const built = namedChunks(await readdir(new URL("../dist/chunks", import.meta.url)))
  assert.includeMembers([...built], ["LiveDisplay", "openTarget", "save"])
})

it("query loads only the handlers that follow tasks, one provider, the HTTP client and the ledger", async () => {
  await using emulator = await startEmulator()
  const { id } = emulator.addTask({ vendor: "jimmy" })
  const file = join(newFolder(), "loaded.json")
  const { status } = await run(["query", `jimmy:${id}`], {
    env: {
      ...emulatorVariables(emulator),
      LOADED: file,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(recorder)}`
    }
  })
  const loaded = namedChunks(JSON.parse(await readFile(file, "utf8")) as ReadonlyArray<string>)
  assert.deepStrictEqual(
    { status, loaded: loaded.toSorted() },
    {
      status: 0,
      loaded: ["runCli", "signals", "src", "streams", "taskHandlers", "undici-agent", "userLedger"]
    }
  )
})

it("no command but serve loads the tracker or its client", async () => {
  for (const args of [
    ["list"],
    ["wait", "jimmy:1", "--timeout", "1s"],
    ["submit", "jimmy", "x"],
    ["--help"]
  ]) {
    const file = join(newFolder(), "loaded.json")
    await run(args, {
      env: {
        XDG_STATE_HOME: newFolder(),
        LOADED: file,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(recorder)}`
      }
    })
    const loaded = JSON.parse(await readFile(file, "utf8")) as ReadonlyArray<string>
    assert.isEmpty(loaded.filter((url) => /\/tracker\/|remote(?:Records|Tasks)|localToken/.test(url)))
  }
})
