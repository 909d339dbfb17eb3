/** Replicate (https://replicate.com/docs/reference/http). */
import { randomBytes } from "node:crypto"
import type { VendorModule } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { fileRoutes } from "./files.ts"
import { predictionRoutes } from "./predictions.ts"
import { makeWebhooks } from "./webhooks.ts"

const hour = 3_600_000

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

/** The vendor Replicate. */
export const replicate: VendorModule = {
  traits: {
    prompt: "A cat",
    model: (kind) => (kind === "video" ? "minimax/video-01" : "black-forest-labs/flux-schnell"),
    newId: () => Array.from(randomBytes(26), (byte) => alphabet[byte % 32]).join(""),
    // Documented: output files are removed after an hour.
    linkLifetime: () => hour,
    linkStyle: () => "public",
    hasResultList: (kind) => kind === "image",
    transientCodes: [500]
  },
  examples: [
    { description: "an image, done", script: {} },
    { description: "a video, done in a minute", script: { media: ["mp4"], runningFor: 60_000 } }
  ],
  create: (context) => {
    const webhooks = makeWebhooks()
    return {
      errors,
      idFields: ["id", "urls"],
      routes: [...predictionRoutes(context, webhooks), ...fileRoutes(context), webhooks.secretRoute]
    }
  }
}
