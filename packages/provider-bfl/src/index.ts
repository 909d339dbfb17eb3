/** The gentask provider for the FLUX models of Black Forest Labs. */
import { balanceAt, defineProvider, providerFactory } from "@gentask/core/provider"
import type { BalanceOperation, ProviderFactory } from "@gentask/core/provider"
import { decode, decodeError, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { params, resultPath } from "./host.ts"
import { models } from "./models/table.ts"
import type { BflModels } from "./models/table.ts"
import { submit } from "./submit.ts"
import { webhook } from "./webhook.ts"

/** See https://docs.bfl.ai/api-reference/get-the-users-credits */
const balance: BalanceOperation = {
  request: () => ({ method: "GET", path: "/v1/credits" }),
  decode: (body) => balanceAt(body, "credits", "credits")
}

/** The clusters, whose names change, so that the vendor recommends to allow all of its subdomains. */
const hosts = ["*.bfl.ai"]
const minute = 60_000

/**
 * The provider for Black Forest Labs (https://bfl.ai): `POST /v1/{model}` and `GET /v1/get_result?id=`. A query must go to
 * the host of the `polling_url` that the vendor returns. The param `host` of a ref is that host. Links are valid for 10
 * minutes. An account can have 24 active tasks, and the vendor documents no other limits.
 *
 * @see https://docs.bfl.ai/api_integration/integration_guidelines
 */
const spec = defineProvider({
  specVersion: 1,
  id: "bfl",
  title: "Black Forest Labs",
  docs: "https://docs.bfl.ai/api_integration/integration_guidelines",
  examples: [
    "bfl:2f5a1a2e-3c1d-4b6e-9a66-0f2f4d3b7c10?host=api.us.bfl.ai",
    "bfl@eu:2f5a1a2e-3c1d-4b6e-9a66-0f2f4d3b7c10"
  ],
  mediaKinds: ["image", "video"],
  statuses,
  endpoints: {
    global: { baseUrl: "https://api.bfl.ai", hosts },
    eu: { baseUrl: "https://api.eu.bfl.ai", hosts },
    us: { baseUrl: "https://api.us.bfl.ai", hosts }
  },
  defaultEndpoint: "global",
  requires: ["hosts"],
  params,
  authorize: (_, { apiKey }) => ({ "x-key": apiKey }),
  errors,
  query: {
    request: ({ id, params: { host } }) => ({
      method: "GET",
      path: resultPath,
      ...(host === undefined ? {} : { host }),
      errors,
      query: { id }
    }),
    decode,
    decodeError
  },
  submit,
  webhook,
  balance,
  resultLifetimeMs: { image: 10 * minute, video: 10 * minute }
})

export default spec

/**
 * Configures an account of Black Forest Labs.
 *
 * ```ts
 * const gentask = createGentask({ providers: [bfl({ apiKey: process.env.BFL_API_KEY })] })
 * const request = bfl.models["flux-2-pro"]({ prompt: "A fox in the snow" })
 * const task = await gentask.wait("bfl:2f5a1a2e-3c1d-4b6e-9a66-0f2f4d3b7c10?host=api.us.bfl.ai")
 * ```
 *
 * @param options The API key.
 */
export const bfl: ProviderFactory<object, "global" | "eu" | "us", BflModels> = providerFactory(spec, models)
