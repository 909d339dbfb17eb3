import spec, { jimmy } from "@gentask/provider-jimmy"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    { name: "jimmy", script: { vendor: "jimmy" }, ref: (id) => `jimmy:${id}`, mediaType: "image/png" }
  ],
  accounts: (baseUrl, apiKey) => [jimmy({ apiKey, baseUrl })],
  variables: ["JIMMY"],
  submitSystems: [
    {
      name: "jimmy",
      account: "jimmy",
      service: "jimmy",
      model: "gpt-image-2",
      imageModel: "gpt-image-2"
    }
  ],
  submitAccounts: ({ url, apiKey }) => [jimmy({ apiKey, baseUrl: url })]
} satisfies TestVendor
