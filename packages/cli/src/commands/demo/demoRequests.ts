import { fileURLToPath } from "node:url"
import type { EmulatorOptions } from "@gentask/emulator"

/** A line of a batch. */
export interface DemoRequest {
  readonly account: string
  readonly model: string
  readonly prompt: string
  readonly images?: ReadonlyArray<string>
}

/** In the parent folder of the bundled module. */
const picture = fileURLToPath(new URL("../media/sample.png", import.meta.url))

/** One request per documented format. */
export const demoRequests: ReadonlyArray<DemoRequest> = [
  {
    account: "jimmy",
    model: "gpt-image-2",
    prompt: "The same picture as a watercolor",
    images: [picture]
  },
  { account: "sora", model: "sora-2", prompt: "A fox runs through the snow" },
  { account: "jimeng@octopusx", model: "jimeng_t2i_v40", prompt: "雪地里的狐狸" },
  { account: "jimeng@deepwl", model: "jimeng_t2i_v31", prompt: "A fox, as a woodcut" },
  { account: "aigptimage", model: "gpt-image-2-text-to-image", prompt: "A fox, as an icon" }
]

/** How long the tasks take, in milliseconds. */
export const demoSubmits: NonNullable<EmulatorOptions["submits"]> = {
  jimmy: { task: { queuedFor: 500, runningFor: 1500 } },
  sora: { task: { queuedFor: 1000, runningFor: 4000 } },
  jimeng: { task: { queuedFor: 500, runningFor: 2500 } },
  aigptimage: { task: { queuedFor: 1000, runningFor: 3000 } }
}
