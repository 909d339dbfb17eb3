import { vendorAccounts } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"

/** The prefixes of the variables of all accounts of the root URL and of kie.ai, and the path of their base URL. */
const accounts: ReadonlyArray<readonly [prefix: string, path: string]> = [
  ["JIMMY", ""],
  ["SORA", ""],
  ["AIGPTIMAGE", ""],
  ["AIGPTIMAGE_KIE", "/kie"],
  ["JIMENG_OCTOPUSX", ""],
  ["JIMENG_DEEPWL", ""]
]

/** Returns the environment variables that connect every account to an emulator. */
export const emulatorVariables = ({
  accessKey,
  apiKey,
  url
}: Pick<Emulator, "accessKey" | "apiKey" | "url">): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...accounts.flatMap(([prefix, path]) => [
      [`${prefix}_API_KEY`, apiKey],
      [`${prefix}_BASE_URL`, `${url}${path}`]
    ]),
    ...vendorAccounts({ accessKey, apiKey, url }).flatMap(({ variables }) => Object.entries(variables))
  ])
