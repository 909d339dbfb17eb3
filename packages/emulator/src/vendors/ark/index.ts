/** Volcengine Ark and BytePlus ModelArk (https://www.volcengine.com/docs/82379). */
import { randomBytes } from "node:crypto"
import type { VendorModule } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { imageRoute } from "./images.ts"
import { videoRoutes } from "./videos.ts"

const day = 24 * 3_600_000

const suffix = (): string => Array.from(randomBytes(5), (byte) => (byte % 36).toString(36)).join("")

/** The vendor Ark. */
export const ark: VendorModule = {
  traits: {
    kind: "video",
    prompt: "A little dog is running in the sunshine.",
    model: (kind) => (kind === "image" ? "doubao-seedream-4-0-250828" : "doubao-seedance-1-5-pro-251215"),
    newId: ({ now }) =>
      `cgt-${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}-${suffix()}`,
    media: (kind) => (kind === "image" ? ["jpeg"] : ["mp4"]),
    // Documented: 24 hours.
    linkLifetime: () => day,
    linkStyle: () => "x-tos",
    hasResultList: (kind) => kind === "image",
    transientCodes: ["InternalServiceError"]
  },
  examples: [{ description: "a video, done in a minute", script: { runningFor: 60_000 } }],
  create: (context) => ({
    errors,
    idFields: ["id", "data"],
    routes: [...videoRoutes(context), imageRoute(context)]
  })
}
