/** How gentask is pointed at an emulator. */
import type { Emulator } from "@gentask/emulator"

/** The accounts that an emulator stands in for, as the beginnings of their variables. */
const prefixes = ["JIMMY", "SORA", "AIGPTIMAGE", "JIMENG_OCTOPUSX", "JIMENG_DEEPWL"]

/** The variables that point every account at an emulator, by name. */
export const emulatedVariables = ({
  apiKey,
  url
}: Emulator): ReadonlyArray<readonly [name: string, value: string]> =>
  prefixes.flatMap((prefix) => [
    [`${prefix}_API_KEY`, apiKey],
    [`${prefix}_BASE_URL`, url]
  ])
