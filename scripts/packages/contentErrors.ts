import { readFile } from "node:fs/promises"
import { join, posix } from "node:path"
import type { Tarball } from "./Tarball.ts"

/** Files that a user of the package does not need. */
const unneeded =
  /(?:^|\/)(?:tests?|fixtures|__\w+__|coverage|node_modules|\.[^/]*)\/|\.(?:test|spec)\.|tsconfig|turbo\.json/

const licenseErrors = async ({ root, files }: Tarball): Promise<ReadonlyArray<string>> => {
  if (!files.includes("LICENSE")) return ["LICENSE is missing"]
  const [own, shared] = await Promise.all([
    readFile(join(root, "LICENSE"), "utf8"),
    readFile("LICENSE", "utf8")
  ])
  return own === shared ? [] : ["LICENSE differs from the LICENSE of the repository"]
}

/** A registry page shows the README without the repository, so links must be absolute or lead to an anchor. */
const readmeErrors = async ({ root, manifest }: Tarball): Promise<ReadonlyArray<string>> => {
  const readme = await readFile(join(root, "README.md"), "utf8").catch(() => "")
  // Indexing and calling in an example looks like a link.
  const text = readme.replace(/^```.*?^```$/gms, "")
  const links = [...text.matchAll(/\]\((?<to>[^)\s]+)|(?:src|href)="(?<in>[^"]+)"/g)]
    .map(({ groups }) => groups?.["to"] ?? groups?.["in"] ?? "")
    .filter((link) => !/^(?:https:\/\/|#)/.test(link))
  return [
    ...(readme.startsWith(`# ${manifest.name}\n`)
      ? []
      : ["README does not start with the name of the package"]),
    ...(new RegExp(`np(?:m install|x).* ${manifest.name}`).test(readme)
      ? []
      : ["README does not show how to install the package"]),
    ...links.map((link) => `README links to ${link}, which does not work on a registry page`)
  ]
}

const mapErrors = async ({ root, files }: Tarball): Promise<ReadonlyArray<string>> => {
  const found = new Set(files)
  const errors: Array<string> = []
  for (const file of files.filter((each) => /\.(?:js|d\.ts)$/.test(each))) {
    const text = await readFile(join(root, file), "utf8")
    const map = /^\/\/# sourceMappingURL=(?<map>\S+)\s*$/m.exec(text)?.groups?.["map"]
    if (map !== undefined && !found.has(posix.join(posix.dirname(file), map))) {
      errors.push(`${file} refers to ${map}, which is missing`)
    }
  }
  for (const file of files.filter((each) => each.endsWith(".map"))) {
    const { sources } = JSON.parse(await readFile(join(root, file), "utf8")) as { sources: Array<string> }
    for (const source of sources) {
      if (!found.has(posix.join(posix.dirname(file), source)))
        errors.push(`${file} refers to ${source}, which is missing`)
    }
  }
  return errors
}

/** Checks the files of a package: license, README, source maps, and no files for development. */
export const contentErrors = async (tarball: Tarball): Promise<ReadonlyArray<string>> => [
  ...(await licenseErrors(tarball)),
  ...(await readmeErrors(tarball)),
  ...(await mapErrors(tarball)),
  ...tarball.files.filter((file) => unneeded.test(file)).map((file) => `${file} should not be published`)
]
