import { rmSync } from "node:fs"
import { fileURLToPath, pathToFileURL } from "node:url"
import { buildSync } from "esbuild"

/**
 * Compiles the saver to JavaScript, in a folder from which its packages resolve. Disposing removes it. Type stripping at
 * run time would take a tenth of the memory.
 */
export const buildSaver = () => {
  const folder = fileURLToPath(new URL(`../node_modules/.saver-${process.pid}/`, import.meta.url))
  buildSync({
    entryPoints: [fileURLToPath(new URL("saver.ts", import.meta.url))],
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outExtension: { ".js": ".mjs" }
  })
  return {
    script: pathToFileURL(`${folder}saver.mjs`),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}
