import { readFile } from "node:fs/promises"
import type { ProviderNames } from "./providerNames.ts"

/** Written by the build, in the parent folder of the bundled module. */
const templateUrl = new URL("../templates/provider.json", import.meta.url)

/** File contents by path. */
export type TemplateFiles = Readonly<Record<string, string>>

/** Reads the template of a provider package, and replaces its placeholders. */
export const fillTemplate = async (names: ProviderNames): Promise<TemplateFiles> => {
  const replacements: TemplateFiles = {
    "gentask-provider-your-vendor": names.packageName,
    "your-vendor": names.id,
    yourVendor: names.factory,
    YourVendor: names.type,
    YOUR_VENDOR: names.variable,
    "Your Vendor": names.title
  }
  // One pass, so that inserted names are not replaced again. Longer placeholders come before their parts.
  const placeholders = new RegExp(Object.keys(replacements).join("|"), "g")
  const files = JSON.parse(await readFile(templateUrl, "utf8")) as TemplateFiles
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      text.replace(placeholders, (name) => replacements[name] ?? name)
    ])
  )
}
