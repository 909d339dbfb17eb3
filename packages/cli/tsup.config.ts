import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises"
import { defineConfig } from "tsup"
import type { Options } from "tsup"
import { packTemplate } from "./packTemplate.ts"

type Plugin = NonNullable<Options["esbuildPlugins"]>[number]

const here = (path: string): URL => new URL(path, import.meta.url)

const readManifest = async (folder: URL): Promise<Record<string, string>> =>
  JSON.parse(await readFile(new URL("package.json", folder), "utf8")) as Record<string, string>

const { version } = await readManifest(here("./"))

/**
 * Core uses undici's Agent alone, and the whole of undici takes 50 ms to load: this takes the Agent and what gives it
 * its `request` method.
 */
const agentAlone: Plugin = {
  name: "undici-agent-alone",
  setup: (build) => {
    build.onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: "undici-agent",
      namespace: "undici-agent",
      pluginData: resolveDir
    }))
    build.onLoad({ filter: /.*/, namespace: "undici-agent" }, ({ pluginData }) => ({
      resolveDir: pluginData as string,
      contents: `
        import Agent from "undici/lib/dispatcher/agent.js"
        import Dispatcher from "undici/lib/dispatcher/dispatcher.js"
        import request from "undici/lib/api/api-request.js"
        Dispatcher.prototype.request = request
        export { Agent }
      `
    }))
  }
}

/** Effect makes what measures its help as it is loaded, which takes 20 ms: this makes it when help is printed. */
const lateSegmenter: Plugin = {
  name: "late-segmenter",
  setup: (build) => {
    build.onLoad({ filter: /[\\/]effect[\\/]dist[\\/]cli[\\/]CliOutput\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8")
      const contents = source.replace(
        /const graphemeSegmenter = (?:\/\*#__PURE__\*\/)?(new Intl\.Segmenter\([^)]*\));/,
        "let madeSegmenter; const graphemeSegmenter = { segment: (text) => (madeSegmenter ??= $1).segment(text) };"
      )
      if (contents === source)
        throw new Error("CliOutput has changed: see whether this plugin is still needed")
      return { contents, loader: "js" }
    })
  }
}

const noticeOf = async (folder: URL): Promise<string> => {
  const { name, version: inlined, license } = await readManifest(folder)
  const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.|$)/i.test(each))
  const text = file === undefined ? "" : `\n\n${(await readFile(new URL(file, folder), "utf8")).trim()}`
  return `${name} ${inlined} (${license})${text}\n`
}

/** Whoever passes on the packages inlined here must pass on their licenses too. */
const notices: Plugin = {
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
      await mkdir(here("dist/"), { recursive: true })
      await writeFile(here("dist/THIRD-PARTY-NOTICES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`))
    })
  }
}

/** One entry, everything inlined, and a chunk of its own for whatever is loaded on demand. */
export default defineConfig({
  entry: { main: "src/main.ts" },
  format: "esm",
  target: "node22",
  platform: "node",
  splitting: true,
  clean: true,
  dts: false,
  minifySyntax: true,
  minifyWhitespace: true,
  noExternal: [/.*/],
  esbuildPlugins: [agentAlone, lateSegmenter, notices],
  define: { __GENTASK_VERSION__: JSON.stringify(version) },
  // Some of what is inlined is CommonJS and requires Node's modules.
  banner: {
    js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);'
  },
  esbuildOptions: (options) => {
    options.legalComments = "none"
    // The emulator looks for its media one folder up from its module.
    options.chunkNames = "chunks/[name]-[hash]"
  },
  onSuccess: async () => {
    await cp(here("../emulator/media"), here("dist/media"), { recursive: true })
    await packTemplate()
  }
})
