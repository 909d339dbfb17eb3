/**
 * Generates the models of a provider from the types of the vendor's npm package, which must be a dependency of the
 * provider, of the emulator or of the benchmarks. Run it by hand: `node scripts/models.ts NAME [FOLDER]`. It writes
 * `packages/provider-NAME/src/models/*.generated.ts`, or into FOLDER.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { readModels, readPackage } from "./models/readModels.ts"
import { modelSources } from "./models/sources.ts"
import { writeModels } from "./models/writeModels.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

const [name = "", folder = join(root, `packages/provider-${name}/src/models`)] = process.argv.slice(2)
const source = modelSources[name]
if (source === undefined) {
  console.error(`Unknown source "${name}". Known sources: ${Object.keys(modelSources).join(", ")}.`)
  process.exit(2)
}

const dependent = [`packages/provider-${name}`, "packages/emulator", "bench"]
  .map((path) => join(root, path))
  .find((path) => existsSync(join(path, "node_modules", source.package)))
if (dependent === undefined) throw new Error(`${source.package} is not installed.`)
const info = readPackage(dependent, source.package)
const models = readModels(dependent, source)
const date = new Date().toISOString().slice(0, 10)

mkdirSync(folder, { recursive: true })
for (const file of new Set(models.map((model) => model.file))) {
  const ofFile = models.filter((model) => model.file === file)
  const code = writeModels(`${file}Models`, ofFile, source, info, date)
  writeFileSync(join(folder, `${file}.generated.ts`), code)
  console.log(`${file}.generated.ts: ${ofFile.length} models, ${code.split("\n").length} lines`)
}
