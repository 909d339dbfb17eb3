/** Black Forest Labs (https://docs.bfl.ai). */
import { randomUUID } from "node:crypto"
import { headerKey } from "../credentials.ts"
import type { VendorModule } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { taskRoutes } from "./tasks.ts"

const minute = 60_000

/** The vendor Black Forest Labs. */
export const bfl: VendorModule = {
  traits: {
    prompt: "ein fantastisches bild",
    model: (kind) => (kind === "video" ? "flux-3-video" : "flux-2-pro"),
    newId: () => randomUUID(),
    // Documented: links expire after 10 minutes, and are signed links of a storage.
    linkLifetime: () => 10 * minute,
    linkStyle: () => "azure-sas",
    media: (kind) => [kind === "video" ? "mp4" : "jpeg"],
    transientCodes: ["internal_error"],
    hasRetryAfterInBody: true,
    price: 3
  },
  examples: [
    { description: "an image, done", script: {} },
    { description: "a video, done in a minute", script: { media: ["mp4"], runningFor: minute } }
  ],
  create: (context) => ({ readKey: headerKey("x-key"), errors, routes: taskRoutes(context) })
}
