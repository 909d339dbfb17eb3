/** The saver as JavaScript, as anybody's program is: what takes types away would stay in memory, a tenth of all. */
import { rmSync } from "node:fs"
import { fileURLToPath, pathToFileURL } from "node:url"
import { buildSync } from "esbuild"

/** Builds the saver, where its packages are found; disposing removes it. */
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
