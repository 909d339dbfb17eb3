/** Writes a new provider's package, and says what to do with it. */
import { mkdir, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { shellQuote } from "../commandLine.ts"
import type { Handler } from "../commands/lazily.ts"
import type { NewProviderInput } from "../commands/new.ts"
import { exitStatus } from "../exit.ts"
import { fillTemplate } from "../generator/fillTemplate.ts"
import type { Files } from "../generator/fillTemplate.ts"
import { namesOf } from "../generator/ProviderNames.ts"
import type { ProviderNames } from "../generator/ProviderNames.ts"
import { bundledIds } from "../discovery/bundled.ts"
import { jsonLine, oneLine } from "../output/sanitise.ts"
import { UsageError } from "../UsageError.ts"

const guide = "https://github.com/gentask/gentask/blob/main/docs/writing-a-provider.md"

const idPattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const packageNamePattern = /^(?=.{1,214}$)(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

const readNames = ({ id, name }: NewProviderInput): Effect.Effect<ProviderNames, UsageError> =>
  Effect.gen(function* () {
    if (!idPattern.test(id)) {
      return yield* new UsageError({
        message: `${jsonLine(id)} cannot be a provider's id, which is lower-case letters, digits and single hyphens, a letter first. Choose one such as acme or acme-video.`
      })
    }
    const names = namesOf(id, name)
    if (packageNamePattern.test(names.packageName)) return names
    return yield* new UsageError({
      message: `${jsonLine(names.packageName)} cannot be the name of an npm package. Choose one such as gentask-provider-${id} or @you/gentask-provider-${id}.`
    })
  })

/** What a folder holds; nothing, if it is not there. A new repository is as good as an empty folder. */
const contentsOf = async (dir: string): Promise<ReadonlyArray<string>> => {
  try {
    return (await readdir(dir)).filter((entry) => entry !== ".git")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []
    throw error
  }
}

/** Writes the files, and answers their paths. Nothing that is there is replaced. */
const write = async (dir: string, files: Files): Promise<ReadonlyArray<string>> => {
  if ((await contentsOf(dir)).length > 0) throw new Error("it is not empty")
  const paths: Array<string> = []
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: "wx" })
    paths.push(path)
  }
  return paths
}

const steps = (names: ProviderNames, dir: string): ReadonlyArray<string> => [
  `${oneLine(names.packageName)} is in ${oneLine(dir)}: a whole package, for a vendor that is made up so far. Next:`,
  `  1. cd ${shellQuote(oneLine(dir))} && npm install && npm test`,
  "  2. Go through the checklist in README.md, which names each place to fill in.",
  "  3. Put the vendor's own answers into test/recordings; GENTASK_RECORD=1 npm test writes down what they mean.",
  `  4. Ask about a task of yours: ${names.variable}_API_KEY=… npx @gentask/cli query ${names.id}:ID`,
  "  5. npm run build && npm run check, and then publish as README.md says.",
  `The guide: ${guide}`
]

export const handle: Handler<NewProviderInput> = (input) =>
  Effect.gen(function* () {
    const names = yield* readNames(input)
    const dir = input.dir ?? `gentask-provider-${names.id}`
    const files = yield* Effect.promise(() => fillTemplate(names))
    const paths = yield* Effect.tryPromise({
      try: () => write(dir, files),
      catch: (error) =>
        new UsageError({
          message: `Nothing can be written into the folder ${oneLine(dir)}: ${oneLine(error instanceof Error ? error.message : String(error))}. Choose another one with --dir.`
        })
    })
    if (input.json) {
      const { id, packageName } = names
      process.stdout.write(`${jsonLine({ provider: id, package: packageName, dir, files: paths })}\n`)
    } else for (const path of paths) process.stdout.write(`${oneLine(path)}\n`)
    if (bundledIds.includes(names.id)) {
      process.stderr.write(
        `Mind that gentask brings a provider ${names.id} along already. Choose another id, unless yours is to stand in for it.\n`
      )
    }
    for (const line of steps(names, dir)) process.stderr.write(`${line}\n`)
    return exitStatus.succeeded
  })
