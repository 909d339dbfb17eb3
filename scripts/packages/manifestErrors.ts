/** What a registry page and an installer need of a package.json, beyond what publint asks for. */
import type { Tarball } from "./Tarball.ts"

const repository = "https://github.com/gentask/gentask"

/** What every published package says in the same words. */
const common = (folder: string): Readonly<Record<string, unknown>> => ({
  homepage: `${repository}/tree/main/packages/${folder}#readme`,
  bugs: `${repository}/issues`,
  license: "MIT",
  repository: { type: "git", url: `git+${repository}.git`, directory: `packages/${folder}` },
  type: "module",
  sideEffects: false,
  publishConfig: { access: "public" },
  engines: { node: ">=22.19" }
})

/** Scripts that would run on the machine of whoever installs. */
const installScripts = ["preinstall", "install", "postinstall", "prepare"]

export const manifestErrors = ({ folder, manifest }: Tarball): ReadonlyArray<string> => {
  const { name, description, keywords, exports, scripts, dependencies, peerDependencies, gentask } = manifest
  const errors = Object.entries(common(folder))
    .filter(([field, value]) => JSON.stringify(manifest[field]) !== JSON.stringify(value))
    .map(([field, value]) => `${field} is not ${JSON.stringify(value)}`)
  if (name !== `@gentask/${folder}`) errors.push(`it is called ${name}, and its folder ${folder}`)
  if (typeof description !== "string") errors.push("there is no description")
  if (!Array.isArray(keywords) || keywords.length < 3) errors.push("there are fewer than three keywords")
  if (exports === undefined) errors.push("without exports, every file of it can be imported")
  if (installScripts.some((script) => Object.hasOwn(Object(scripts), script))) {
    errors.push("it would run a script when it is installed")
  }
  for (const [other, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    if (/^(?:workspace|catalog|link|file):/.test(range)) errors.push(`${other} has the range ${range}`)
  }
  if (folder.startsWith("provider-")) {
    if (JSON.stringify(gentask) !== JSON.stringify({ provider: folder.slice(9), specVersion: 1 })) {
      errors.push("the field gentask does not say which provider it is, and of which specVersion")
    }
    if (!/^>=\d+\.\d+\.\d+ <\d+$/.test(peerDependencies?.["@gentask/core"] ?? "")) {
      errors.push("the peer @gentask/core has no range such as >=0.1.0 <2")
    }
  }
  return errors
}
