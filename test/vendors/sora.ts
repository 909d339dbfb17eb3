import spec, { sora } from "@gentask/provider-sora"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "sora",
      script: { vendor: "sora" },
      ref: (id) => `sora:${id}`,
      mediaType: "video/mp4",
      id: (index) => `sora-2:task_${index}`,
      failures: ["failed", "canceled"]
    }
  ],
  accounts: (baseUrl, apiKey) => [sora({ apiKey, baseUrl })],
  variables: ["SORA"],
  submitSystems: [{ name: "sora", account: "sora", service: "sora", model: "sora-2", imageModel: "sora-2" }],
  submitAccounts: ({ url, apiKey }) => [
    sora({ apiKey, baseUrl: url, consoleToken: "console-token", consoleUser: "1" })
  ]
} satisfies TestVendor
