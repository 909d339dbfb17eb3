import spec, { runway } from "@gentask/provider-runway"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "runway",
      script: { vendor: "runway" },
      ref: (id) => `runway:${id}`,
      mediaType: "video/mp4",
      listsOutputs: true,
      failures: ["failed", "canceled"]
    }
  ],
  accounts: (baseUrl, apiKey) => [runway({ apiKey, baseUrl: `${baseUrl}/runway` })],
  variables: ["RUNWAY"],
  submitSystems: [
    {
      name: "runway",
      account: "runway",
      service: "runway",
      model: "text_to_video/happyhorse_1_0",
      imageModel: "text_to_image/gemini_2.5_flash",
      imageInput: { ratio: "1024:1024" },
      repeats429: true,
      cancels: true,
      forgetsCanceled: true
    }
  ],
  submitAccounts: ({ url, apiKey }) => [runway({ apiKey, baseUrl: `${url}/runway` })]
} satisfies TestVendor
