import spec, { dashscope } from "@gentask/provider-dashscope"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "dashscope",
      script: { vendor: "dashscope" },
      ref: (id) => `dashscope:${id}`,
      mediaType: "image/png",
      listsOutputs: true,
      failures: ["failed", "canceled"]
    }
  ],
  accounts: (baseUrl, apiKey) => [dashscope({ apiKey, baseUrl: `${baseUrl}/dashscope` })],
  variables: ["DASHSCOPE"],
  submitSystems: [
    {
      name: "dashscope",
      account: "dashscope",
      service: "dashscope",
      model: "qwen-image",
      imageModel: "wan2.7-image",
      repeats429: true,
      cancels: true
    }
  ],
  submitAccounts: ({ url, apiKey }) => [dashscope({ apiKey, baseUrl: `${url}/dashscope` })]
} satisfies TestVendor
