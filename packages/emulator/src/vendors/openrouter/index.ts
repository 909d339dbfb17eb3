/** The video API of OpenRouter (https://openrouter.ai/docs/guides/overview/multimodal/video-generation). */
import { randomBytes } from "node:crypto"
import type { EndpointContext } from "../../submit/VendorEndpoint.ts"
import { jsonResponse } from "../../WireResponse.ts"
import { parameter } from "../VendorFormat.ts"
import type { VendorContext, VendorModule, VendorRoute } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { jobAt, price } from "./job.ts"
import { submitRoute } from "./submits.ts"

/** The model of the documented example. */
const veo = {
  id: "google/veo-3.1",
  canonical_slug: "google/veo-3.1",
  name: "Veo 3.1",
  description: "Google video generation model",
  created: 1_700_000_000,
  supported_resolutions: ["720p"],
  supported_aspect_ratios: ["16:9"],
  supported_sizes: null,
  supported_durations: [5, 8],
  supported_frame_images: ["first_frame", "last_frame"],
  upscale_factor: null,
  creativity: null,
  generate_audio: true,
  seed: null,
  pricing_skus: { generate: "0.50" },
  allowed_passthrough_parameters: []
}

/** Documented: the members. All of the spending is of today. */
const keyOf = ({ granted, used }: EndpointContext["balance"]): object => ({
  label: "emulator",
  creator_user_id: null,
  organization_id: "emulator",
  workspace_id: "emulator",
  allowed_data_regions: [],
  free_model_daily_requests: { limit: 50, remaining: 50, used: 0 },
  limit: granted,
  limit_remaining: granted - used,
  limit_reset: null,
  expires_at: null,
  usage: used,
  usage_daily: used,
  usage_weekly: used,
  usage_monthly: used,
  byok_usage: 0,
  byok_usage_daily: 0,
  byok_usage_weekly: 0,
  byok_usage_monthly: 0,
  include_byok_in_limit: false,
  is_free_tier: false,
  is_management_key: false,
  is_provisioning_key: false,
  rate_limit: { requests: -1, interval: "10s", note: "This field is deprecated and safe to ignore." }
})

const routesOf = (context: VendorContext): readonly VendorRoute[] => [
  submitRoute(context),
  {
    purpose: "account",
    method: "GET",
    path: /^\/api\/v1\/videos\/models$/,
    access: "none",
    respond: () => jsonResponse(200, { data: [veo] })
  },
  {
    purpose: "query",
    method: "GET",
    path: /^\/api\/v1\/videos\/(?<id>[^/]+)$/,
    respond: (task, now) => jsonResponse(200, jobAt(context, task, now))
  },
  {
    purpose: "download",
    method: "GET",
    path: /^\/api\/v1\/videos\/(?<id>[^/]+)\/content$/,
    resolve: ({ params, search }) => {
      const taskId = params["id"] ?? ""
      const index = Number(parameter(search, "index") ?? "0")
      const task = context.tasks().find(({ id }) => id === taskId)
      if (!Number.isInteger(index) || index < 0) return { rejection: errors.error(400) }
      return { taskId, file: `${index}.${task?.media[index] ?? "mp4"}` }
    }
  },
  {
    purpose: "account",
    method: "GET",
    path: /^\/api\/v1\/key$/,
    respond: (_, { balance }) => jsonResponse(200, { data: keyOf(balance) })
  }
]

/** The vendor OpenRouter. */
export const openrouter: VendorModule = {
  traits: {
    kind: "video",
    prompt: "A cat",
    model: () => "google/veo-3.1",
    newId: ({ now }) => `gen-vid-${Math.floor(now / 1000)}-${randomBytes(10).toString("hex")}`,
    // Undocumented: the content does not expire.
    linkLifetime: () => Number.POSITIVE_INFINITY,
    linkStyle: () => "public",
    hasResultList: () => true,
    transientCodes: [502, 503],
    hasNumericCodes: true,
    price
  },
  examples: [
    { description: "a video, done", script: {} },
    { description: "a video, done in a minute", script: { queuedFor: 5000, runningFor: 55_000 } }
  ],
  variables: ({ url, apiKey }) => ({ API_KEY: apiKey, BASE_URL: `${url}/api/v1` }),
  create: (context) => ({ errors, routes: routesOf(context) })
}
