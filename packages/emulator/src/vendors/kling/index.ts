/**
 * Kling AI (https://kling.ai/document-api).
 *
 * Documented: an API key, or a JSON web token of an access key and its secret key. Invented: tokens work at all paths,
 * and links for 30 days, after which results are removed.
 */
import { randomInt } from "node:crypto"
import { authorizationKey, isValidToken, tokenPayload } from "../credentials.ts"
import type { RequestHead } from "../VendorFormat.ts"
import type { VendorModule } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { routesOf } from "./routes.ts"
import { makeSign } from "./webhooks.ts"

const day = 24 * 3_600_000

const bearer = authorizationKey("Bearer")

/** The issuer of a token, or the key itself: every token is another text. */
const readKey = (request: RequestHead): string => {
  const key = bearer(request)
  const issuer = tokenPayload(key)?.["iss"]
  return typeof issuer === "string" ? issuer : key
}

/** The vendor Kling AI. */
export const kling: VendorModule = {
  traits: {
    kind: "video",
    prompt: "A cat",
    model: (kind) => (kind === "image" ? "kling-v2-1" : "kling-v2-6"),
    newId: () =>
      `8${String(randomInt(10 ** 14)).padStart(14, "0")}${String(randomInt(1000)).padStart(3, "0")}`,
    linkLifetime: () => 30 * day,
    linkStyle: () => "token",
    hasResultList: (kind) => kind === "image",
    transientCodes: [5000, 5001, 5002],
    hasNumericCodes: true
  },
  examples: [
    { description: "a video, done in a minute", script: { runningFor: 60_000 } },
    {
      description: "a video of kling-3.0, done",
      script: { model: "text-to-video/kling-3.0", data: { path: "tasks" } },
      params: { path: "tasks" }
    },
    {
      description: "an image, done",
      script: { kind: "image" },
      params: { path: "images/generations" }
    }
  ],
  variables: ({ url, accessKey }) => ({ API_KEY: accessKey, BASE_URL: url }),
  create: (context) => {
    const [issuer = "", secret = ""] = context.accessKey.split("|")
    return {
      errors,
      readKey,
      acceptsKey: (key, request, now) =>
        context.apiKeys.has(key) || (key === issuer && isValidToken(bearer(request), secret, now)),
      idFields: ["id", "task_id"],
      routes: routesOf(context, makeSign())
    }
  }
}
