import spec, { fal } from "@gentask/provider-fal"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "fal",
      script: { vendor: "fal" },
      ref: (id) => `fal:${id}?app=fal-ai/flux`,
      mediaType: "image/png",
      listsOutputs: true
    }
  ],
  accounts: (baseUrl, apiKey) => [fal({ apiKey, baseUrl: `${baseUrl}/fal` })],
  variables: ["FAL"],
  submitSystems: [
    {
      name: "fal",
      account: "fal",
      service: "fal",
      model: "fal-ai/nano-banana",
      imageModel: "fal-ai/nano-banana/edit",
      cancels: true
    }
  ],
  submitAccounts: ({ url, apiKey }) => [fal({ apiKey, baseUrl: `${url}/fal` })]
} satisfies TestVendor
