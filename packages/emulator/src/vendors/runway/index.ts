/**
 * Runway (https://docs.dev.runwayml.com/api).
 *
 * Documented: uploads, `GET /v1/organization`, that links expire within 24 to 48 hours. Read in @runwayml/sdk 4.20.1: the
 * form of an upload. Invented: the fields of that form, and that links are signed with a token.
 */
import { randomUUID } from "node:crypto"
import { parseObject } from "../../json.ts"
import { textIn } from "../../submit/bodyFields.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { VendorContext, VendorModule, VendorRoute } from "../VendorModule.ts"
import { errors, invalidField } from "./errors.ts"
import { taskRoutes } from "./tasks.ts"

const day = 24 * 3_600_000

const mediaTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  mp4: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
  mp3: "audio/mpeg",
  wav: "audio/wav"
}

const accountRoutes = ({ uploads }: VendorContext): readonly VendorRoute[] => [
  {
    purpose: "upload",
    method: "POST",
    path: /^\/v1\/uploads$/,
    respond: ({ body }, { caller: { apiKey } }) => {
      const fields = parseObject(body) ?? {}
      const name = textIn(fields, "filename") ?? ""
      const mediaType = mediaTypes[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""]
      if (name.length < 3 || mediaType === undefined)
        return invalidField("filename", "Must have a valid extension and be a supported media type.")
      if (fields["type"] !== "ephemeral") return invalidField("type", "Must be ephemeral.")
      const id = randomUUID()
      const form = { key: `ephemeral/${id}`, Policy: randomUUID(), "X-Amz-Signature": randomUUID() }
      const { uploadUrl, reference } = uploads.createUrl({
        service: "runway",
        apiKey,
        name,
        mediaType,
        reference: `runway://${id}`,
        lifetime: day,
        method: "POST",
        fields: form,
        respond: () => ({ status: 204, headers: {}, body: "" })
      })
      return jsonResponse(200, { uploadUrl, fields: form, runwayUri: reference })
    }
  },
  {
    purpose: "account",
    method: "GET",
    path: /^\/v1\/organization$/,
    respond: (_, { balance: { granted, used } }) =>
      jsonResponse(200, {
        tier: { maxMonthlyCreditSpend: 100_000, models: {} },
        creditBalance: granted - used,
        usage: { models: {} }
      })
  }
]

/** The vendor Runway. */
export const runway: VendorModule = {
  traits: {
    kind: "video",
    prompt: "A cat",
    model: (kind) => (kind === "image" ? "gen4_image" : "gen4.5"),
    newId: () => randomUUID(),
    linkLifetime: () => day,
    linkStyle: () => "token",
    hasResultList: () => true,
    transientCodes: [500]
  },
  examples: [
    { description: "a video, done", script: {} },
    { description: "a video, done in a minute", script: { runningFor: 60_000 } },
    { description: "an image, done", script: { media: ["png"] } }
  ],
  create: (context) => ({ errors, routes: [...taskRoutes(context), ...accountRoutes(context)] })
}
