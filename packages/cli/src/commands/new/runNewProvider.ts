import { mkdir, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { bundledProviderIds } from "../../discovery/bundledProviders.ts"
import { errorMessage, jsonLine, oneLine } from "../../output/sanitize.ts"
import { shellQuote } from "../../output/shellCommand.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"
import { fillTemplate } from "./fillTemplate.ts"
import type { TemplateFiles } from "./fillTemplate.ts"
import { providerNames } from "./providerNames.ts"
import type { ProviderNames } from "./providerNames.ts"

export interface NewProviderInput {
  readonly id: string
  readonly dir: string | undefined
  readonly name: string | undefined
  readonly json: boolean
}

const guideUrl = "https://github.com/gentask/gentask/blob/main/docs/writing-a-provider.md"
const helpHint = "See gentask new provider --help."

const idPattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const packageNamePattern = /^(?=.{1,214}$)(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

const resolveNames = ({ id, name }: NewProviderInput): Effect.Effect<ProviderNames, UsageError> => {
  const fail = (message: string) => Effect.fail(new UsageError({ message: `${message} ${helpHint}` }))
  if (!idPattern.test(id)) {
    return fail(
      `Invalid provider id ${jsonLine(id)}: expected lowercase letters, digits and single hyphens, starting with a letter, such as acme or acme-video.`
    )
  }
  const names = providerNames(id, name)
  return packageNamePattern.test(names.packageName)
    ? Effect.succeed(names)
    : fail(
        `Invalid npm package name ${jsonLine(names.packageName)}: expected a name such as gentask-provider-${id} or @you/gentask-provider-${id}.`
      )
}

/** Lists a folder. A missing folder and a new repository count as empty. */
const listFolder = async (dir: string): Promise<ReadonlyArray<string>> => {
  try {
    return (await readdir(dir)).filter((entry) => entry !== ".git")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []
    throw error
  }
}

/** Writes the files into an empty folder. Returns their paths. Never replaces a file. */
const writeFiles = async (dir: string, files: TemplateFiles): Promise<ReadonlyArray<string>> => {
  if ((await listFolder(dir)).length > 0) throw new Error("the folder is not empty")
  const paths: Array<string> = []
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: "wx" })
    paths.push(path)
  }
  return paths
}

const nextSteps = (names: ProviderNames, dir: string): ReadonlyArray<string> => [
  `Created ${oneLine(names.packageName)} in ${oneLine(dir)}. It is a complete package for an invented vendor. Next steps:`,
  `  1. cd ${shellQuote(oneLine(dir))} && npm install && npm test`,
  "  2. Follow the checklist in README.md, which lists each place to fill in.",
  "  3. Put responses of the vendor into test/recordings. GENTASK_RECORD=1 npm test records the expected results.",
  `  4. Query one of your tasks: ${names.variable}_API_KEY=… npx @gentask/cli query ${names.id}:ID`,
  "  5. npm run build && npm run check, then publish as described in README.md.",
  `Guide: ${guideUrl}`
]

/** Writes the package of a new provider, and prints the next steps. */
export const runNewProvider: Handler<NewProviderInput> = Effect.fnUntraced(function* (
  input: NewProviderInput
) {
  const names = yield* resolveNames(input)
  const dir = input.dir ?? `gentask-provider-${names.id}`
  const files = yield* Effect.promise(() => fillTemplate(names))
  const paths = yield* Effect.tryPromise({
    try: () => writeFiles(dir, files),
    catch: (error) =>
      new UsageError({
        message: `Cannot write to ${oneLine(dir)}: ${errorMessage(error)}. Choose another folder with --dir. ${helpHint}`
      })
  })
  const lines = input.json
    ? [jsonLine({ provider: names.id, package: names.packageName, dir, files: paths })]
    : paths.map((path) => oneLine(path))
  process.stdout.write(`${lines.join("\n")}\n`)
  const warnings = bundledProviderIds.includes(names.id)
    ? [
        `Warning: gentask already includes a provider ${names.id}. Choose another id, unless yours replaces it.`
      ]
    : []
  process.stderr.write(`${[...warnings, ...nextSteps(names, dir)].join("\n")}\n`)
  return exitStatus.success
})
