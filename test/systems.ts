/** The systems that the vendors' documents describe: their accounts and tasks on an emulator. */
import { startEmulator } from "@gentask/emulator"
import type { EmulatedTask, Emulator, EmulatorOptions, TaskScript } from "@gentask/emulator"
import { createGentask, PollPolicy } from "@gentask/core"
import type { TasksOptions } from "@gentask/core/effect"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimeng } from "@gentask/provider-jimeng"
import { jimmy } from "@gentask/provider-jimmy"
import { sora } from "@gentask/provider-sora"

/** A system that one of the documents describes. */
export interface System {
  readonly name: string
  /** A task of the system that succeeds at once. */
  readonly script: TaskScript
  /** Returns the ref of the task with an id. */
  readonly ref: (id: string) => string
  /** The media type of a saved result. */
  readonly mediaType: string
}

export const systems: ReadonlyArray<System> = [
  { name: "jimmy", script: { vendor: "jimmy" }, ref: (id) => `jimmy:${id}`, mediaType: "image/png" },
  { name: "sora", script: { vendor: "sora" }, ref: (id) => `sora:${id}`, mediaType: "video/mp4" },
  {
    name: "jimeng at octopusx",
    script: { vendor: "jimeng" },
    ref: (id) => `jimeng@octopusx:${id}`,
    mediaType: "image/jpeg"
  },
  {
    name: "jimeng at deepwl",
    script: { vendor: "jimeng", inline: true },
    ref: (id) => `jimeng@deepwl:${id}?req_key=jimeng_t2i_v40`,
    mediaType: "image/jpeg"
  },
  {
    name: "aigptimage",
    script: { vendor: "aigptimage" },
    ref: (id) => `aigptimage:${id}`,
    mediaType: "image/png"
  }
]

/** Accounts of all systems on one host. */
export const accountsOn = (baseUrl: string, apiKey: string) => [
  jimmy({ apiKey, baseUrl }),
  sora({ apiKey, baseUrl }),
  jimeng({ account: "octopusx", endpoint: "octopusx", apiKey, baseUrl }),
  jimeng({ account: "deepwl", endpoint: "deepwl", apiKey, baseUrl }),
  aigptimage({ apiKey, baseUrl, tier: "ultra" })
]

/** The environment variables that configure the command line with the accounts of all systems on an emulator. */
export const accountVariables = ({
  url,
  apiKey
}: Pick<Emulator, "url" | "apiKey">): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ["JIMMY", "SORA", "JIMENG_OCTOPUSX", "JIMENG_DEEPWL", "AIGPTIMAGE"].flatMap((prefix) => [
      [`${prefix}_API_KEY`, apiKey],
      [`${prefix}_BASE_URL`, url]
    ])
  )

/**
 * Replaces a task by one that follows another script and has the same id. A test can so decide when a task changes,
 * rather than depend on the speed of the machine.
 */
export const replaceTask = (emulator: Emulator, { id }: EmulatedTask, script: TaskScript): void => {
  emulator.removeTask(script.vendor, id)
  emulator.addTask({ ...script, id })
}

/** Starts an emulator, and a client with accounts of all systems on it. Disposing closes both. */
export const startSystems = async (
  options: EmulatorOptions = {},
  clientOptions: Partial<TasksOptions> = {}
) => {
  const emulator = await startEmulator(options)
  const gentask = createGentask({
    providers: accountsOn(emulator.url, emulator.apiKey),
    pollPolicy: PollPolicy.growing({ min: 50 }),
    ...clientOptions
  })
  return {
    emulator,
    gentask,
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      await emulator.close()
    }
  }
}
