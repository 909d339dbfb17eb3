import spec, { ark } from "@gentask/provider-ark"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "ark",
      script: { vendor: "ark" },
      ref: (id) => `ark:${id}`,
      mediaType: "video/mp4",
      failures: ["failed", "canceled", "expired"]
    }
  ],
  accounts: (baseUrl, apiKey) => [ark({ apiKey, baseUrl: `${baseUrl}/ark` })],
  variables: ["ARK"],
  submitSystems: [
    {
      name: "ark",
      account: "ark",
      service: "ark",
      model: "doubao-seedance-1-5-pro-251215",
      imageModel: "doubao-seedance-2-0-260128",
      repeats429: true,
      cancels: true
    }
  ],
  submitAccounts: ({ url, apiKey }) => [ark({ apiKey, baseUrl: `${url}/ark` })]
} satisfies TestVendor
