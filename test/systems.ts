/** The five documents' systems, as accounts on an emulator and as tasks of it. */
import { startEmulator } from "@gentask/emulator"
import type { EmulatorOptions, TaskScript } from "@gentask/emulator"
import { createGentask, PollPolicy } from "@gentask/core"
import type { TasksOptions } from "@gentask/core/effect"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimeng } from "@gentask/provider-jimeng"
import { jimmy } from "@gentask/provider-jimmy"
import { sora } from "@gentask/provider-sora"

/** One of the five documents: what its tasks are, and what a saved result is. */
export interface System {
  readonly name: string
  readonly script: TaskScript
  /** The ref of a task by its id. */
  readonly ref: (id: string) => string
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

/** Accounts of all five systems on one host. */
export const accountsOn = (baseUrl: string, apiKey: string) => [
  jimmy({ apiKey, baseUrl }),
  sora({ apiKey, baseUrl }),
  jimeng({ account: "octopusx", endpoint: "octopusx", apiKey, baseUrl }),
  jimeng({ account: "deepwl", endpoint: "deepwl", apiKey, baseUrl }),
  aigptimage({ apiKey, baseUrl, tier: "ultra" })
]

/** An emulator with a client of all five systems on it; disposing ends both. */
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
