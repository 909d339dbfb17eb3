import spec, { gemini } from "@gentask/provider-gemini"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "gemini",
      script: { vendor: "gemini" },
      ref: (id) => `gemini:${id}`,
      mediaType: "video/mp4",
      hasStatusWords: false,
      id: (index) => `models/veo-3.1-generate-preview/operations/task${index}`,
      listsOutputs: true,
      failures: ["failed", "canceled"]
    }
  ],
  accounts: (baseUrl, apiKey) => [gemini({ apiKey, baseUrl: `${baseUrl}/gemini` })],
  variables: ["GEMINI"],
  submitSystems: [
    {
      name: "gemini",
      account: "gemini",
      service: "gemini",
      model: "veo-3.1-generate-preview",
      imageModel: "veo-3.1-generate-preview"
    }
  ],
  submitAccounts: ({ url, apiKey }) => [gemini({ apiKey, baseUrl: `${url}/gemini` })]
} satisfies TestVendor
