import spec, { replicate } from "@gentask/provider-replicate"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "replicate",
      script: { vendor: "replicate" },
      ref: (id) => `replicate:${id}`,
      mediaType: "image/png",
      listsOutputs: true,
      failures: ["failed", "canceled"]
    }
  ],
  accounts: (baseUrl, apiKey) => [replicate({ apiKey, baseUrl: `${baseUrl}/replicate` })],
  variables: ["REPLICATE"],
  submitSystems: [
    {
      name: "replicate",
      account: "replicate",
      service: "replicate",
      model: "black-forest-labs/flux-schnell",
      imageModel: "google/nano-banana",
      repeats429: true,
      cancels: true
    }
  ],
  submitAccounts: ({ url, apiKey }) => [replicate({ apiKey, baseUrl: `${url}/replicate` })]
} satisfies TestVendor
