import spec, { aigptimage } from "@gentask/provider-aigptimage"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "aigptimage",
      script: { vendor: "aigptimage" },
      ref: (id) => `aigptimage:${id}`,
      mediaType: "image/png",
      listsOutputs: true
    }
  ],
  accounts: (baseUrl, apiKey) => [aigptimage({ apiKey, baseUrl, tier: "ultra" })],
  variables: ["AIGPTIMAGE"],
  submitSystems: [
    {
      name: "aigptimage",
      account: "aigptimage",
      service: "aigptimage",
      model: "gpt-image-2-text-to-image",
      imageModel: "gpt-image-2-image-to-image",
      repeats429: true,
      replays: true
    },
    {
      name: "kie",
      account: "aigptimage@kie",
      service: "kie",
      model: "nano-banana-2",
      imageModel: "nano-banana-2",
      repeats429: true
    }
  ],
  submitAccounts: ({ url, apiKey }) => [
    aigptimage({ apiKey, baseUrl: url, tier: "enterprise" }),
    aigptimage({ account: "kie", endpoint: "kie", apiKey, baseUrl: `${url}/kie` })
  ]
} satisfies TestVendor
