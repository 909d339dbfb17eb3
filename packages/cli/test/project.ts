/** Projects on disk with packages in `node_modules`, in the layout of package managers. */
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** File contents by path. Values other than strings are written as JSON. */
export type Files = Readonly<Record<string, unknown>>

/** Creates an empty folder. */
export const newFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), "gentask-cli-test-")))

/** Writes files into a folder. */
export const writeFiles = (folder: string, files: Files): void => {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content))
  }
}

/** Creates a folder with these files. */
export const newProject = (files: Files): string => {
  const folder = newFolder()
  writeFiles(folder, files)
  return folder
}

/** Options of a plugin. */
export interface PluginOptions {
  readonly title?: string
  /** Statements before the spec. */
  readonly before?: string
  /** Members that override those of the default spec. */
  readonly members?: string
}

/**
 * The source of a spec as an expression without imports. It queries jimmy's tasks of the emulator, and decodes every
 * response as a success with the spec's title as the model.
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
  mediaKinds: ["image"],
  endpoints: { main: { baseUrl: "https://main.example.com/" }, other: { baseUrl: "https://other.example.com" } },
  defaultEndpoint: "main",
  query: {
    request: (task) => ({ method: "GET", path: "/api/open-api/v1/images/" + encodeURIComponent(task.id) }),
    response: { "~standard": { version: 1, vendor: "none", validate: (value) => ({ value }) } },
    decode: () => ({ _tag: "Snapshot", draft: { status: "succeeded", model: ${JSON.stringify(title)} } })
  },
  ${members}
}`

/** The source of a module that exports a provider. */
export const pluginSource = (id: string, options: PluginOptions = {}): string =>
  `${options.before ?? ""}\nexport default ${specOf(id, options)}\n`

/** The package.json of a provider package. */
export const providerManifest = (id: string, name: string, members: object = {}): object => ({
  name,
  version: "1.2.0",
  type: "module",
  keywords: ["gentask-provider"],
  gentask: { provider: id, specVersion: 1 },
  exports: { ".": { import: "./index.js" } },
  ...members
})

/** The files of a provider package in `node_modules`. */
export const providerPackage = (
  id: string,
  name: string,
  source: string = pluginSource(id),
  manifest: object = {}
): Files => ({
  [`node_modules/${name}/package.json`]: providerManifest(id, name, manifest),
  [`node_modules/${name}/index.js`]: source
})

/** The package.json of a project that depends on these packages. */
export const dependingOn = (...names: ReadonlyArray<string>): Files => ({
  "package.json": { name: "project", dependencies: Object.fromEntries(names.map((name) => [name, "^1.0.0"])) }
})
