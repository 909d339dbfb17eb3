/** Projects on disk, with real packages in `node_modules`, as package managers lay them out. */
import { mkdirSync, realpathSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { newFolder } from "./support.ts"

/** What files hold, by path; what is no text is written as JSON. */
export type Files = Readonly<Record<string, unknown>>

/** Writes files into a folder. */
export const writeFiles = (folder: string, files: Files): void => {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content))
  }
}

/** A new folder with these files. */
export const newProject = (files: Files): string => {
  const folder = realpathSync(newFolder())
  writeFiles(folder, files)
  return folder
}

/** What a plugin is like, besides its id. */
export interface PluginOptions {
  readonly title?: string
  /** Statements before the spec. */
  readonly before?: string
  /** Members of the spec that stand in for the usual ones. */
  readonly members?: string
}

/**
 * A provider's spec as an expression, without any import: it asks where the emulator has the tasks of jimmy, and
 * answers each question with a success whose model is the spec's title.
 */
export const specOf = (
  id: string,
  { title = `The vendor ${id}`, members = "" }: PluginOptions = {}
): string => `{
  specVersion: 1,
  id: ${JSON.stringify(id)},
  title: ${JSON.stringify(title)},
  docs: "https://docs.example.com/${id}",
  examples: ["${id}:1234", "${id}:1234?size=big"],
  makes: ["image"],
  endpoints: { main: { baseUrl: "https://main.example.com/" }, other: { baseUrl: "https://other.example.com" } },
  defaultEndpoint: "main",
  query: {
    request: (task) => ({ method: "GET", path: "/api/open-api/v1/images/" + encodeURIComponent(task.id) }),
    response: { "~standard": { version: 1, vendor: "none", validate: (value) => ({ value }) } },
    interpret: () => ({ _tag: "Snapshot", draft: { status: "succeeded", model: ${JSON.stringify(title)} } })
  },
  ${members}
}`

/** The source of a module that exports a provider. */
export const pluginSource = (id: string, options: PluginOptions = {}): string =>
  `${options.before ?? ""}\nexport default ${specOf(id, options)}\n`

/** The package.json of a provider's package. */
export const providerManifest = (id: string, name: string, more: object = {}): object => ({
  name,
  version: "1.2.0",
  type: "module",
  keywords: ["gentask-provider"],
  gentask: { provider: id, specVersion: 1 },
  exports: { ".": { import: "./index.js" } },
  ...more
})

/** The files of a provider's package, in `node_modules`. */
export const providerPackage = (
  id: string,
  name: string,
  source: string = pluginSource(id),
  manifest: object = {}
): Files => ({
  [`node_modules/${name}/package.json`]: providerManifest(id, name, manifest),
  [`node_modules/${name}/index.js`]: source
})

/** A project's package.json that depends on these packages. */
export const dependingOn = (...names: ReadonlyArray<string>): Files => ({
  "package.json": { name: "project", dependencies: Object.fromEntries(names.map((name) => [name, "^1.0.0"])) }
})
