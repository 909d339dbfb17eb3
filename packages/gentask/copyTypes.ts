import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join, posix, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { typeStubs } from "./typeStubs.ts"

const root = fileURLToPath(new URL("./", import.meta.url))
const output = join(root, "dist", "types")

/** The folder of each package whose declarations are copied. Their entries are resolved as TypeScript does. */
const packageOf = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier

type Exports = Readonly<Record<string, string | { readonly types?: string; readonly import?: unknown }>>

const typesOf = (value: unknown): string | undefined => {
  if (typeof value === "string") return /\.d\.[cm]?ts$/.test(value) ? value : undefined
  if (typeof value !== "object" || value === null) return undefined
  const { types, import: imported } = value as { readonly types?: unknown; readonly import?: unknown }
  return typesOf(types) ?? typesOf(imported)
}

/** Returns the file of declarations that a specifier means. */
const declarationsOf = async (specifier: string, from: string): Promise<string> => {
  if (specifier.startsWith("."))
    return resolve(dirname(from), specifier.replace(/\.([mc]?)[jt]s$/, ".d.$1ts"))
  const name = packageOf(specifier)
  const manifestPath = await findManifest(name, from)
  const manifest = JSON.parse(await readFile(manifestPath, "utf8")) as {
    readonly types?: string
    readonly exports?: Exports
  }
  const subpath = `.${specifier.slice(name.length)}`
  const types = typesOf(manifest.exports?.[subpath]) ?? (subpath === "." ? manifest.types : undefined)
  if (types === undefined) throw new Error(`${specifier}, which ${from} imports, has no declarations.`)
  return join(dirname(manifestPath), types)
}

const findManifest = async (name: string, from: string): Promise<string> => {
  for (const folder of createRequire(from).resolve.paths(name) ?? []) {
    const path = join(folder, name, "package.json")
    if (await readFile(path, "utf8").catch(() => undefined)) return path
  }
  throw new Error(`Cannot find the package ${name}, which ${from} imports.`)
}

/** Where a file of declarations is copied to: below its package's name. */
const targetOf = async (path: string): Promise<string> => {
  let folder = dirname(path)
  for (;;) {
    const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined)
    const { name } = JSON.parse(text ?? "{}") as { readonly name?: string }
    if (name !== undefined)
      return join(output, name.replace("@gentask/", ""), relative(folder, path).replace(/^dist\//, ""))
    folder = dirname(folder)
  }
}

const specifiers = /(?<=\bfrom\s*|\bimport\(\s*|\bimport\s+)["']([^"']+)["']/g

/** The path of the stub for a specifier. Undefined if the declarations of its package are copied. */
const stubOf = (specifier: string): string | undefined => {
  if (typeStubs[specifier] !== undefined) return join(output, "stubs", `${specifier}.d.ts`)
  if (!specifier.startsWith("effect/")) return undefined
  throw new Error(`The declarations of core mention ${specifier}: add it to typeStubs.ts.`)
}

/**
 * Copies the declarations that the bundle's entry needs from the packages that are bundled, so that the bundle has no
 * dependency for its types either.
 *
 * @param entry The text of the bundle's declarations.
 */
export const copyTypes = async (entry: string): Promise<void> => {
  const copied = new Map<string, Promise<string>>()

  const rewrite = async (text: string, path: string, target: string): Promise<string> => {
    const replacements = new Map<string, string>()
    for (const [, specifier = ""] of text.matchAll(specifiers)) {
      if (specifier.startsWith("node:") || replacements.has(specifier)) continue
      const file = stubOf(specifier) ?? (await copy(await declarationsOf(specifier, path)))
      const link = posix.relative(dirname(target), file).replace(/\.d\.([cm]?)ts$/, ".$1js")
      replacements.set(specifier, link.startsWith(".") ? link : `./${link}`)
    }
    return text
      .replace(specifiers, (found, specifier: string) => `"${replacements.get(specifier) ?? specifier}"`)
      .replace(/^\/\/# sourceMappingURL=.*$/m, "")
  }

  const write = async (path: string, target: string): Promise<void> => {
    const text = await rewrite(await readFile(path, "utf8"), path, target)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
  }

  /** Copies a file and what it imports. Returns the path of the copy, which may not exist yet. */
  const copy = async (path: string): Promise<string> => {
    const target = await targetOf(path)
    if (!copied.has(path)) {
      copied.set(path, Promise.resolve(target))
      await write(path, target)
    }
    return target
  }

  await rm(output, { recursive: true, force: true })
  for (const [specifier, text] of Object.entries(typeStubs)) {
    const path = join(output, "stubs", `${specifier}.d.ts`)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${text}\n`)
  }
  const index = join(root, "dist", "index.d.ts")
  await writeFile(index, await rewrite(entry, join(root, "src", "index.ts"), index))
}
