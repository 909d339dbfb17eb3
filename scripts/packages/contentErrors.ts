/** What must be in a package, and what must not: its license, a README that stands alone, maps that lead somewhere. */
import { readFile } from "node:fs/promises"
import { join, posix } from "node:path"
import type { Tarball } from "./Tarball.ts"

const noise =
  /(?:^|\/)(?:tests?|fixtures|__\w+__|coverage|node_modules|\.[^/]*)\/|\.(?:test|spec)\.|tsconfig|turbo\.json/

const licenseErrors = async ({ root, files }: Tarball): Promise<ReadonlyArray<string>> => {
  if (!files.includes("LICENSE")) return ["there is no LICENSE"]
  const [own, shared] = await Promise.all([
    readFile(join(root, "LICENSE"), "utf8"),
    readFile("LICENSE", "utf8")
  ])
  return own === shared ? [] : ["its LICENSE is not this repository's"]
}

/** A registry shows a README without the repository around it: links must be whole, or lead within the page. */
const readmeErrors = async ({ root, manifest }: Tarball): Promise<ReadonlyArray<string>> => {
  const readme = await readFile(join(root, "README.md"), "utf8").catch(() => "")
  const links = [...readme.matchAll(/\]\((?<to>[^)\s]+)|(?:src|href)="(?<in>[^"]+)"/g)]
    .map(({ groups }) => groups?.["to"] ?? groups?.["in"] ?? "")
    .filter((link) => !/^(?:https:\/\/|#)/.test(link))
  return [
    ...(readme.startsWith(`# ${manifest.name}\n`) ? [] : ["its README does not begin with its name"]),
    ...(new RegExp(`np(?:m install|x).* ${manifest.name}`).test(readme)
      ? []
      : ["its README does not say how to install it"]),
    ...links.map((link) => `its README links to ${link}, which is nowhere on a registry page`)
  ]
}

const mapErrors = async ({ root, files }: Tarball): Promise<ReadonlyArray<string>> => {
  const found = new Set(files)
  const errors: Array<string> = []
  for (const file of files.filter((each) => /\.(?:js|d\.ts)$/.test(each))) {
    const text = await readFile(join(root, file), "utf8")
    const map = /^\/\/# sourceMappingURL=(?<map>\S+)\s*$/m.exec(text)?.groups?.["map"]
    if (map !== undefined && !found.has(posix.join(posix.dirname(file), map))) {
      errors.push(`${file} has no ${map}`)
    }
  }
  for (const file of files.filter((each) => each.endsWith(".map"))) {
    const { sources } = JSON.parse(await readFile(join(root, file), "utf8")) as { sources: Array<string> }
    for (const source of sources) {
      if (!found.has(posix.join(posix.dirname(file), source))) errors.push(`${file} leads to no ${source}`)
    }
  }
  return errors
}

export const contentErrors = async (tarball: Tarball): Promise<ReadonlyArray<string>> => [
  ...(await licenseErrors(tarball)),
  ...(await readmeErrors(tarball)),
  ...(await mapErrors(tarball)),
  ...tarball.files
    .filter((file) => noise.test(file))
    .map((file) => `${file} is of no use to whoever installs it`)
]
