import { readdir } from "node:fs/promises"
import type { TestVendor } from "./TestVendor.ts"

const folder = new URL("vendors/", import.meta.url)

const files = (await readdir(folder)).filter((name) => name.endsWith(".ts")).toSorted()

/** The vendors of all files in `vendors/`, by name. */
export const testVendors: ReadonlyArray<TestVendor> = await Promise.all(
  files.map(async (name) => {
    const module = (await import(new URL(name, folder).href)) as { readonly default: TestVendor }
    return module.default
  })
)
