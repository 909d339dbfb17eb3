import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import { assert, it } from "vitest"
import { newFolder, pointedAt, run, secretKey } from "./support.ts"

/** Loaded before the command line: notes the files that are loaded after it. */
const listing = `
  import { registerHooks } from "node:module"
  import { writeFileSync } from "node:fs"
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
  process.on("exit", () => writeFileSync(process.env.LOADED, JSON.stringify(loaded)))
`

/** The chunks that bear a name: those that are loaded when they are needed. */
const named = (files: ReadonlyArray<string>): ReadonlyArray<string> =>
  files.flatMap(
    (file) => /(?:^|\/chunks\/)(?!chunk-)([\w-]+?)(?:-[A-Z0-9]{8})+\.js$/.exec(file)?.slice(1) ?? []
  )

it("what draws and what saves are chunks of their own", async () => {
  const built = named(await readdir(new URL("../dist/chunks", import.meta.url)))
  assert.includeMembers([...built], ["Drawing", "Save"])
})

it("a question loads its own command, one provider and the HTTP client, and nothing that draws or saves", async () => {
  await using emulator = await startEmulator({ apiKey: secretKey })
  const { id } = emulator.addTask({ vendor: "jimmy" })
  const file = join(newFolder(), "loaded.json")
  const { status } = await run(["query", `jimmy:${id}`], {
    env: {
      ...pointedAt(emulator),
      LOADED: file,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(listing)}`
    }
  })
  const loaded = named(JSON.parse(await readFile(file, "utf8")) as ReadonlyArray<string>)
  assert.deepStrictEqual(
    { status, loaded: loaded.toSorted() },
    { status: 0, loaded: ["Watching", "app", "dist", "interruption", "query", "undici-agent"] }
  )
})
