import type { Tarball } from "./Tarball.ts"

const repository = "https://github.com/gentask/gentask"

/** Fields that are the same in every published package. */
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

/** Scripts that would run on the user's machine during an installation. */
const installScripts = ["preinstall", "install", "postinstall", "prepare"]

/** Checks the fields of a package.json that publint does not check. */
export const manifestErrors = ({ folder, manifest }: Tarball): ReadonlyArray<string> => {
  const { name, description, keywords, exports, scripts, dependencies, peerDependencies, gentask } = manifest
  const errors = Object.entries(common(folder))
    .filter(([field, value]) => JSON.stringify(manifest[field]) !== JSON.stringify(value))
    .map(([field, value]) => `${field} must be ${JSON.stringify(value)}`)
  const expected = folder === "gentask" ? folder : `@gentask/${folder}`
  if (name !== expected) errors.push(`name is ${name}: expected ${expected}, after its folder`)
  if (typeof description !== "string") errors.push("description is missing")
  if (!Array.isArray(keywords) || keywords.length < 3) errors.push("keywords has fewer than three entries")
  if (exports === undefined) errors.push("exports is missing, so every file could be imported")
  if (installScripts.some((script) => Object.hasOwn(Object(scripts), script))) {
    errors.push("scripts contains an install script")
  }
  for (const [other, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    if (/^(?:workspace|catalog|link|file):/.test(range))
      errors.push(`${other} has the range ${range}, which works only in this workspace`)
  }
  if (folder.startsWith("provider-")) {
    if (JSON.stringify(gentask) !== JSON.stringify({ provider: folder.slice(9), specVersion: 1 })) {
      errors.push("gentask must name the provider and its specVersion")
    }
    if (!/^>=\d+\.\d+\.\d+ <\d+$/.test(peerDependencies?.["@gentask/core"] ?? "")) {
      errors.push("peerDependencies must contain @gentask/core with a range such as >=0.1.0 <2")
    }
  }
  return errors
}
