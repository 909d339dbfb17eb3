/** fal (https://docs.fal.ai): the queue, the files and the platform APIs. */
import { randomUUID } from "node:crypto"
import { authorizationKey } from "../credentials.ts"
import type { VendorModule } from "../VendorModule.ts"
import { accountRoutes } from "./account.ts"
import { errors } from "./errors.ts"
import { requestRoutes } from "./requests.ts"
import { makeWebhooks } from "./webhooks.ts"

/** The vendor fal. */
export const fal: VendorModule = {
  traits: {
    prompt: "Photo of a cute dog",
    model: (kind) =>
      ({ image: "fal-ai/flux/dev", video: "fal-ai/veo3.1", audio: "fal-ai/elevenlabs/music" })[kind],
    newId: () => randomUUID(),
    // Documented: a setting of the account, which has none at first.
    linkLifetime: () => Number.POSITIVE_INFINITY,
    linkStyle: () => "public",
    hasResultList: (kind) => kind === "image",
    transientCodes: ["internal_error"]
  },
  examples: [
    { description: "an image, done", script: {}, params: { app: "fal-ai/flux" } },
    {
      description: "a video, done in a minute",
      script: { media: ["mp4"], queuedFor: 10_000, runningFor: 50_000 },
      params: { app: "fal-ai/veo3.1" }
    }
  ],
  create: (context) => {
    const webhooks = makeWebhooks()
    return {
      readKey: authorizationKey("Key"),
      errors,
      idFields: ["request_id", "gateway_request_id", "response_url", "status_url", "cancel_url"],
      // The paths of the account would match those of a model.
      routes: [...accountRoutes(context), webhooks.keysRoute, ...requestRoutes(context, webhooks)]
    }
  }
}
