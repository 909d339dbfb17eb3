import spec, { bfl } from "@gentask/provider-bfl"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [{ name: "bfl", script: { vendor: "bfl" }, ref: (id) => `bfl:${id}`, mediaType: "image/jpeg" }],
  accounts: (baseUrl, apiKey) => [bfl({ apiKey, baseUrl: `${baseUrl}/bfl` })],
  variables: ["BFL"],
  submitSystems: [
    {
      name: "bfl",
      account: "bfl",
      service: "bfl",
      model: "flux-2-pro",
      imageModel: "flux-2-pro",
      repeats429: true
    }
  ],
  submitAccounts: ({ url, apiKey }) => [bfl({ apiKey, baseUrl: `${url}/bfl` })]
} satisfies TestVendor
