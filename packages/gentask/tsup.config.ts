import { cp, readFile } from "node:fs/promises"
import { defineConfig } from "tsup"
import { minimalUndici } from "@gentask/tooling/minimalUndici"
import { copyTypes } from "./copyTypes.ts"

const here = (path: string): URL => new URL(path, import.meta.url)

/** Bundles the client with its dependencies, and adds the command line as it is published. */
export default defineConfig({
  entry: { index: "src/index.ts" },
  format: "esm",
  target: "node22",
  platform: "node",
  splitting: true,
  treeshake: true,
  clean: true,
  dts: false,
  minifySyntax: true,
  minifyWhitespace: true,
  noExternal: [/.*/],
  removeNodeProtocol: false,
  // Some bundled packages are CommonJS, and require modules of Node.
  banner: {
    js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);'
  },
  esbuildPlugins: [minimalUndici],
  esbuildOptions: (options) => {
    options.legalComments = "none"
    options.conditions = ["@gentask/source"]
    options.chunkNames = "chunks/[name]-[hash]"
    // Node prints the line of an uncaught error.
    options.lineLimit = 160
  },
  onSuccess: async () => {
    await cp(here("../cli/dist"), here("dist/cli"), { recursive: true })
    await cp(here("../cli/config.schema.json"), here("dist/cli/config.schema.json"))
    await cp(here("../cli/schema"), here("dist/cli/schema"), { recursive: true })
    // The command line bundles all packages that the client does.
    await cp(here("../cli/dist/THIRD-PARTY-NOTICES.txt"), here("dist/THIRD-PARTY-NOTICES.txt"))
    const providers = await readFile(here("src/providers.ts"), "utf8")
    const index = await readFile(here("src/index.ts"), "utf8")
    await copyTypes(index.replace('export * from "./providers.ts"\n', providers))
  }
})
