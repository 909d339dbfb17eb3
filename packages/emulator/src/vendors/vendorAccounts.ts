/** What connects clients to the vendors that have a module. */
import { moduleNames } from "./vendorNames.ts"
import type { ModuleName } from "./vendorNames.ts"
import type { VendorExample } from "./VendorModule.ts"
import { vendorModules } from "./vendorModules.ts"

/** A vendor with a base URL of its own: its environment variables and example tasks. */
export interface VendorAccountVariables {
  /** The name of the vendor, and of its provider. */
  readonly name: ModuleName
  /** The environment variables that connect its provider to the emulator. */
  readonly variables: Readonly<Record<string, string>>
  /** Its example tasks. */
  readonly examples: readonly VendorExample[]
}

/** Returns the environment variables and the example tasks of each vendor with a base URL of its own. */
export const vendorAccounts = (emulator: {
  readonly url: string
  readonly apiKey: string
  readonly accessKey: string
}): readonly VendorAccountVariables[] =>
  moduleNames.map((name) => {
    const { examples, variables } = vendorModules[name]
    const account = { ...emulator, url: `${emulator.url}/${name}` }
    const values = variables?.(account) ?? { API_KEY: account.apiKey, BASE_URL: account.url }
    const prefixed = Object.entries(values).map(([key, value]) => [`${name.toUpperCase()}_${key}`, value])
    return { name, variables: Object.fromEntries(prefixed), examples }
  })
