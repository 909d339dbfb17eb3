/**
 * Generates the models of a provider from the types of an npm package, which must be a dependency of the provider, of the
 * emulator or of the benchmarks, or from an OpenAPI document in the repository.
 *
 * - `node scripts/models.ts NAME [FOLDER]` writes `packages/provider-NAME/src/models/*.generated.ts`, or into FOLDER.
 * - `node scripts/models.ts --check` compares the files of all providers with their sources, except for the date. It needs
 *   no network.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { generateModels, isCurrent } from "./models/generateModels.ts"
import { modelSources } from "./models/sources.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const folderOf = (provider: string): string => join(root, `packages/provider-${provider}/src/models`)

/** Returns the paths of a provider's files that are not what their source generates. */
const findOutdated = (provider: string): ReadonlyArray<string> =>
  generateModels(root, provider).flatMap((generated) => {
    const file = join(folderOf(provider), generated.name)
    return existsSync(file) && isCurrent(generated, readFileSync(file, "utf8")) ? [] : [file]
  })

const [name = "", folder = folderOf(name)] = process.argv.slice(2)
if (name === "--check") {
  const outdated = Object.keys(modelSources).flatMap(findOutdated)
  for (const file of outdated)
    console.error(`${file} is not what its source generates. Run node scripts/models.ts NAME.`)
  process.exit(outdated.length === 0 ? 0 : 1)
}

if (!Object.hasOwn(modelSources, name)) {
  console.error(`Unknown source "${name}". Known sources: ${Object.keys(modelSources).join(", ")}.`)
  process.exit(2)
}
const date = new Date().toISOString().slice(0, 10)
mkdirSync(folder, { recursive: true })
for (const file of generateModels(root, name)) {
  const code = file.write(date)
  writeFileSync(join(folder, file.name), code)
  console.log(`${file.name}: ${file.count} models, ${code.split("\n").length} lines`)
}
