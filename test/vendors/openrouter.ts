import spec, { openrouter } from "@gentask/provider-openrouter"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "openrouter",
      script: { vendor: "openrouter" },
      ref: (id) => `openrouter:${id}`,
      mediaType: "video/mp4",
      listsOutputs: true,
      failures: ["failed", "canceled", "expired"]
    }
  ],
  accounts: (baseUrl, apiKey) => [openrouter({ apiKey, baseUrl: `${baseUrl}/openrouter/api/v1` })],
  variables: ["OPENROUTER"],
  submitSystems: [
    {
      name: "openrouter",
      account: "openrouter",
      service: "openrouter",
      model: "google/veo-3.1",
      imageModel: "google/veo-3.1"
    }
  ],
  submitAccounts: ({ url, apiKey }) => [openrouter({ apiKey, baseUrl: `${url}/openrouter/api/v1` })]
} satisfies TestVendor
