import type { Emulator } from "@gentask/emulator"

/** The prefixes of the variables of all emulated accounts. */
const prefixes = ["JIMMY", "SORA", "AIGPTIMAGE", "JIMENG_OCTOPUSX", "JIMENG_DEEPWL"]

/** Returns the environment variables that connect every account to an emulator. */
export const emulatorVariables = ({
  apiKey,
  url
}: Pick<Emulator, "apiKey" | "url">): Readonly<Record<string, string>> =>
  Object.fromEntries(
    prefixes.flatMap((prefix) => [
      [`${prefix}_API_KEY`, apiKey],
      [`${prefix}_BASE_URL`, url]
    ])
  )
