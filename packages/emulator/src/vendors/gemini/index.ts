/** Veo in the Gemini API (https://ai.google.dev/gemini-api/docs/video). */
import { randomBytes } from "node:crypto"
import { headerKey } from "../credentials.ts"
import { parameter } from "../VendorFormat.ts"
import type { VendorModule } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { operationRoutes } from "./operations.ts"
import { submitRoute } from "./submits.ts"
import { makeWebhooks } from "./webhooks.ts"

const day = 24 * 3_600_000

const keyOfHeader = headerKey("x-goog-api-key")

/** The vendor Gemini API. */
export const gemini: VendorModule = {
  traits: {
    kind: "video",
    prompt: "A cat",
    model: () => "veo-3.1-generate-preview",
    newId: ({ model }) => `models/${model}/operations/${randomBytes(6).toString("hex")}`,
    // Documented: videos are kept for two days.
    linkLifetime: () => 2 * day,
    linkStyle: () => "public",
    hasResultList: () => true,
    transientCodes: [503],
    hasNumericCodes: true,
    hasRetryAfterInBody: true
  },
  examples: [
    { description: "a video, done", script: {} },
    { description: "a video, done in a minute", script: { runningFor: 60_000 } }
  ],
  create: (context) => {
    const webhooks = makeWebhooks(context)
    return {
      errors,
      idFields: ["name"],
      readKey: (request) => keyOfHeader(request) || (parameter(request.search, "key") ?? ""),
      routes: [submitRoute(webhooks), ...operationRoutes(context), webhooks.keysRoute]
    }
  }
}
