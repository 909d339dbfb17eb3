/**
 * Compares the public declarations of each entry point with the committed reports in `etc/`, so that a review shows each
 * change of the public API. `node scripts/api.ts --write` updates the reports.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  ExtractorMessageCategory
} from "@microsoft/api-extractor"
import type { ExtractorMessage } from "@microsoft/api-extractor"

interface Manifest {
  readonly private?: boolean
  readonly exports: Readonly<Record<string, { readonly types?: string }>>
}

const write = process.argv.includes("--write")
const quiet = { logLevel: ExtractorLogLevel.None }
const temporary = mkdtempSync(join(tmpdir(), "gentask-api-"))
mkdirSync("etc", { recursive: true })

/** Options of a typical user. Errors in the declarations of dependencies are skipped. */
const compilerOptions = {
  target: "ES2024",
  // API Extractor cannot resolve AbortSignal in the types of Node without the types of the DOM.
  lib: ["ES2024", "ESNext.Disposable", "DOM"],
  module: "NodeNext",
  moduleResolution: "NodeNext",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true
}

const configOf = (folder: string, types: string, reportFileName: string): ExtractorConfig =>
  ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(process.cwd(), "packages", folder, "package.json"),
    configObject: {
      projectFolder: process.cwd(),
      mainEntryPointFilePath: join(process.cwd(), "packages", folder, types),
      compiler: {
        overrideTsconfig: { compilerOptions, files: [join("packages", folder, types)] }
      },
      apiReport: {
        enabled: true,
        reportFolder: "<projectFolder>/etc",
        reportTempFolder: temporary,
        reportFileName,
        // Declarations that are reachable but not exported are public as well.
        includeForgottenExports: true
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        extractorMessageReporting: { default: quiet },
        tsdocMessageReporting: { default: quiet }
      }
    }
  })

const entries = readdirSync("packages").flatMap((folder) => {
  const manifest = JSON.parse(readFileSync(join("packages", folder, "package.json"), "utf8")) as Manifest
  // The package gentask has the declarations of the others.
  if (manifest.private === true || folder === "gentask") return []
  return Object.entries(manifest.exports).flatMap(([entry, { types }]) =>
    // The internal entries are for the packages of this workspace only.
    types === undefined || entry.startsWith("./internal")
      ? []
      : [{ types, folder, report: `${folder}${entry.slice(1).replaceAll("/", "-")}` }]
  )
})
const configs = entries.map(({ folder, types, report }) => configOf(folder, types, `${report}.api.md`))
const [first, ...others] = configs
if (first === undefined) throw new Error("No package has an entry point.")

const fail = (text: string): void => {
  console.log(`FAIL  ${text}`)
  process.exitCode = 1
}

/** Shows compiler errors only. Differences of the reports are printed below. */
const messageCallback = (message: ExtractorMessage): void => {
  if (message.category !== ExtractorMessageCategory.Compiler) message.logLevel = ExtractorLogLevel.None
}

const expected = new Set(configs.map(({ reportFilePath }) => basename(reportFilePath)))
for (const file of readdirSync("etc").filter((each) => !expected.has(each))) {
  if (write) rmSync(join("etc", file))
  else fail(`etc/${file} belongs to no entry point. Run \`pnpm api\` to remove it.`)
}

const compilerState = CompilerState.create(first, {
  additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath)
})
try {
  for (const config of configs) {
    const { apiReportChanged, errorCount } = Extractor.invoke(config, {
      compilerState,
      messageCallback,
      localBuild: write
    })
    const report = `etc/${basename(config.reportFilePath)}`
    const undocumented = readFileSync(config.reportTempFilePath, "utf8").split("(undocumented)").length - 1
    if (undocumented > 0) fail(`${report}: ${undocumented} declarations have no docstring.`)
    if (errorCount > 0) fail(`${report}: the declarations have errors.`)
    else if (!apiReportChanged) console.log(`ok    ${report}`)
    else if (write) console.log(`new   ${report}`)
    else fail(`${report} is out of date. Run \`pnpm api\`, review the changes and commit them.`)
  }
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
