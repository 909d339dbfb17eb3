/** MiniMax (https://platform.minimax.io/docs/api-reference/api-overview). */
import { randomInt } from "node:crypto"
import type { VendorModule } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { fileRoutes } from "./files.ts"
import { videoRoutes } from "./videos.ts"

const hour = 3_600_000

/** The vendor MiniMax. */
export const minimax: VendorModule = {
  traits: {
    kind: "video",
    prompt: "A cat",
    model: () => "MiniMax-Hailuo-2.3",
    newId: () => String(randomInt(10 ** 14, 2 ** 48 - 1)),
    // Documented for the first API.
    linkLifetime: () => hour,
    linkStyle: () => "public",
    transientCodes: [1000, 1002, 1024, 1033],
    hasNumericCodes: true
  },
  examples: [
    { description: "a video, done in a minute", script: { runningFor: 60_000 } },
    {
      description: "a video of the second API, done",
      script: { model: "MiniMax-H3" },
      params: { api: "v2" }
    }
  ],
  create: (context) => ({
    errors,
    idFields: ["task_id"],
    routes: [...videoRoutes(context), ...fileRoutes(context)]
  })
}
