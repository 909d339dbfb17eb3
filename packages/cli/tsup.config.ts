import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises"
import { build, defineConfig } from "tsup"
import type { Options } from "tsup"
import { minimalUndici } from "@gentask/tooling/minimalUndici"
import { packTemplate } from "./packTemplate.ts"
import { sharedChunk } from "./sharedChunk.ts"
import { slimManifests } from "./slimManifests.ts"
import { separateTracker, trackerFolder } from "./trackerBundle.ts"

type Plugin = NonNullable<Options["esbuildPlugins"]>[number]

const here = (path: string): URL => new URL(path, import.meta.url)

const readManifest = async (folder: URL): Promise<Record<string, string>> =>
  JSON.parse(await readFile(new URL("package.json", folder), "utf8")) as Record<string, string>

const { version: gentaskVersion } = await readManifest(here("./"))

const noticeOf = async (folder: URL): Promise<string> => {
  const { name, version, license } = await readManifest(folder)
  const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.|$)/i.test(each))
  const text = file === undefined ? "" : `\n\n${(await readFile(new URL(file, folder), "utf8")).trim()}`
  return `${name} ${version} (${license})${text}\n`
}

/** Writes the licenses of the bundled packages, which must be distributed with them. */
const thirdPartyNotices = (folder: string): Plugin => ({
  name: "third-party-notices",
  setup: (build) => {
    build.initialOptions.metafile = true
    build.onEnd(async ({ metafile }) => {
      const folders = Object.keys(metafile?.inputs ?? {}).flatMap(
        (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path)?.slice(0, 1) ?? []
      )
      const texts = await Promise.all(
        [...new Set(folders)].toSorted().map((folder) => noticeOf(here(folder)))
      )
      await mkdir(here(folder), { recursive: true })
      await writeFile(here(`${folder}THIRD-PARTY-NOTICES.txt`), texts.join(`\n${"-".repeat(80)}\n\n`))
    })
  }
})

/** Options of both bundles. */
const common = {
  format: "esm",
  target: "node22",
  platform: "node",
  splitting: true,
  dts: false,
  minifySyntax: true,
  minifyWhitespace: true,
  noExternal: [/.*/],
  // Some bundled packages are CommonJS, and require modules of Node.
  banner: {
    js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);'
  },
  esbuildOptions: (options) => {
    options.legalComments = "none"
    // A command loads fewer bytes of the sources than of the builds, whose modules are joined already.
    options.conditions = ["@gentask/source"]
    // The emulator and `fillTemplate` read files in the parent folder of their module.
    options.chunkNames = "chunks/[name]-[hash]"
  }
} satisfies Options

/** Bundles the tracker, which only `gentask serve` loads. */
const trackerBundle: Options = {
  ...common,
  config: false,
  silent: true,
  entry: { tracker: "../tracker/src/index.ts" },
  outDir: `dist/${trackerFolder}`,
  esbuildPlugins: [minimalUndici, thirdPartyNotices(`dist/${trackerFolder}/`)]
}

/** Bundles the command line with all its dependencies. Dynamic imports become chunks that are loaded on use. */
export default defineConfig({
  ...common,
  entry: { index: "src/index.ts", main: "src/main.ts" },
  clean: true,
  esbuildPlugins: [minimalUndici, separateTracker, sharedChunk, slimManifests, thirdPartyNotices("dist/")],
  define: { __GENTASK_VERSION__: JSON.stringify(gentaskVersion), "Intl.Segmenter": "LazySegmenter" },
  inject: ["lazySegmenter.ts"],
  onSuccess: async () => {
    await build(trackerBundle)
    await cp(here("../emulator/media"), here("dist/media"), { recursive: true })
    await cp(here("skill"), here("dist/skill"), { recursive: true })
    await packTemplate()
  }
})
