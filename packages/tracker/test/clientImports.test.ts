import { readFileSync } from "node:fs"
import { expect, it } from "vitest"

/** Returns the packages that a module and its own modules load. Imports of types are erased. */
const loadedPackages = (file: URL, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(file.href)) return seen
  seen.add(file.href)
  const source = readFileSync(file, "utf8")
  for (const [, name = ""] of source.matchAll(/^(?:import|export) (?!type )[^;]*? from "([^"]+)"/gm)) {
    if (name.startsWith(".")) loadedPackages(new URL(name, file), seen)
    else seen.add(name)
  }
  return seen
}

it("loads neither Effect nor core", () => {
  const loaded = loadedPackages(new URL("../src/client/index.ts", import.meta.url))
  const packages = [...loaded].filter((name) => !name.startsWith("file:") && !name.startsWith("node:"))
  expect(packages).toEqual(["eventsource-parser"])
})
