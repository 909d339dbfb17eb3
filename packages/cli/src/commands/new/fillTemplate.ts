/** The files of a new provider's package: the template, with the vendor's names in place of its own. */
import { readFile } from "node:fs/promises"
import type { ProviderNames } from "./ProviderNames.ts"

/** Written by the build, one folder up from this module once it is bundled. */
const template = new URL("../templates/provider.json", import.meta.url)

/** Texts by their paths inside the package. */
export type Files = Readonly<Record<string, string>>

/** Reads the template and puts the names in. */
export const fillTemplate = async (names: ProviderNames): Promise<Files> => {
  const replacements: Files = {
    "gentask-provider-your-vendor": names.packageName,
    "your-vendor": names.id,
    yourVendor: names.factory,
    YourVendor: names.type,
    YOUR_VENDOR: names.variable,
    "Your Vendor": names.title
  }
  // One pass, so that nothing is replaced inside a name that was put in; the longest names stand first.
  const placeholders = new RegExp(Object.keys(replacements).join("|"), "g")
  const files = JSON.parse(await readFile(template, "utf8")) as Files
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      text.replace(placeholders, (name) => replacements[name] ?? name)
    ])
  )
}
