import spec, { minimax } from "@gentask/provider-minimax"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "minimax",
      script: { vendor: "minimax" },
      ref: (id) => `minimax:${id}`,
      mediaType: "video/mp4"
    },
    {
      name: "minimax at /v2",
      script: { vendor: "minimax", model: "MiniMax-H3" },
      ref: (id) => `minimax:${id}?api=v2`,
      mediaType: "video/mp4",
      failures: ["failed", "canceled", "expired"]
    }
  ],
  accounts: (baseUrl, apiKey) => [minimax({ apiKey, baseUrl: `${baseUrl}/minimax` })],
  variables: ["MINIMAX"],
  submitSystems: [
    {
      name: "minimax",
      account: "minimax",
      service: "minimax",
      model: "MiniMax-Hailuo-2.3",
      imageModel: "MiniMax-Hailuo-2.3",
      repeats429: true
    }
  ],
  submitAccounts: ({ url, apiKey }) => [minimax({ apiKey, baseUrl: `${url}/minimax` })]
} satisfies TestVendor
