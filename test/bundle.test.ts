/** Bundles of the built packages, as applications make them with esbuild. */
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { build } from "esbuild"
import type { BuildOptions } from "esbuild"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"

const program = `
import { createGentask } from "@gentask/core"
import { decodeSnapshot, encodeSnapshot } from "@gentask/core/schema"
import { jimmy } from "@gentask/provider-jimmy"

const { REF, API_KEY: apiKey, BASE_URL: baseUrl } = process.env
const main = async () => {
  const gentask = createGentask({ providers: [jimmy({ apiKey, baseUrl })] })
  const { status } = decodeSnapshot(encodeSnapshot(await gentask.query(REF)))
  await gentask.close()
  console.log(status)
}
main()
`

let emulator: Emulator
let folder = ""

beforeAll(async () => {
  emulator = await startEmulator()
  // Bundles resolve their external packages from here.
  folder = await mkdtemp(fileURLToPath(new URL("../packages/core/node_modules/.bundle-", import.meta.url)))
})
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

const bundle = (contents: string, options: BuildOptions) =>
  build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    metafile: true,
    logLevel: "silent",
    ...options
  })

const run = async (file: string): Promise<string> => {
  const { id } = emulator.addTask({ vendor: "jimmy" })
  const env = {
    ...process.env,
    NODE_OPTIONS: "",
    REF: `jimmy:${id}`,
    API_KEY: emulator.apiKey,
    BASE_URL: emulator.url
  }
  return (await promisify(execFile)(process.execPath, [file], { env })).stdout.trim()
}

/** undici is CommonJS and requires modules of Node, which an ES module can only do like this. */
const requireInEsm =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url)'

const external = ["effect", "effect/*", "undici"]

describe.each<[string, BuildOptions]>([
  ["an ES module with effect and undici external", { outfile: "external.mjs", format: "esm", external }],
  ["a CommonJS module with effect and undici external", { outfile: "external.cjs", format: "cjs", external }],
  [
    "an ES module without external packages",
    { outfile: "whole.mjs", format: "esm", banner: { js: requireInEsm } }
  ],
  ["a CommonJS module without external packages", { outfile: "whole.cjs", format: "cjs" }]
])("a bundle for Node: %s", (_, options) => {
  it("queries a task", async () => {
    const outfile = join(folder, options.outfile ?? "")
    await bundle(program, { platform: "node", ...options, outfile })
    expect(await run(outfile)).toBe("succeeded")
  })
})

/** The external modules that a bundle imports statically: in its entry, and in the chunks that this one imports statically. */
const staticExternalImports = async (
  contents: string,
  options: BuildOptions
): Promise<ReadonlyArray<string>> => {
  const { metafile } = await bundle(contents, {
    format: "esm",
    splitting: true,
    write: false,
    outdir: folder,
    external: ["undici", "node:*"],
    ...options
  })
  const outputs = metafile?.outputs ?? {}
  const visit = (path: string): ReadonlyArray<string> =>
    (outputs[path]?.imports ?? [])
      .filter(({ kind }) => kind === "import-statement")
      .flatMap((each) => (each.external === true ? [each.path] : visit(each.path)))
  return Object.keys(outputs)
    .filter((path) => outputs[path]?.entryPoint === "<stdin>")
    .flatMap(visit)
}

describe.each<[string, BuildOptions]>([
  ["browser", { platform: "browser" }],
  ["neutral", { platform: "neutral", mainFields: ["browser", "module", "main"] }]
])("a bundle for the platform %s", (_, options) => {
  it.each(["@gentask/core", "@gentask/core/effect", "@gentask/core/provider", "@gentask/core/schema"])(
    "imports no external module statically from %s",
    async (entry) => {
      expect(await staticExternalImports(`export * from "${entry}"`, options)).toEqual([])
    }
  )
})
