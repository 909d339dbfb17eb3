import spec, { kling } from "@gentask/provider-kling"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "kling",
      script: { vendor: "kling", data: { path: "tasks" } },
      ref: (id) => `kling:${id}?path=tasks`,
      mediaType: "video/mp4"
    },
    {
      name: "kling below /v1",
      script: { vendor: "kling" },
      ref: (id) => `kling:${id}`,
      mediaType: "video/mp4"
    },
    {
      name: "kling images",
      script: { vendor: "kling", kind: "image" },
      ref: (id) => `kling:${id}?path=images/generations`,
      mediaType: "image/png",
      listsOutputs: true
    }
  ],
  accounts: (baseUrl, apiKey) => [kling({ apiKey, baseUrl: `${baseUrl}/kling` })],
  variables: ["KLING"],
  submitSystems: [
    {
      name: "kling",
      account: "kling",
      service: "kling",
      model: "text-to-video/kling-3.0",
      imageModel: "image-to-video/kling-3.0",
      repeats429: true
    },
    {
      name: "kling with a key pair below /v1",
      account: "kling@pair",
      service: "kling",
      model: "videos/text2video/kling-v3",
      imageModel: "videos/image2video/kling-v3",
      repeats429: true
    }
  ],
  submitAccounts: ({ url, apiKey, accessKey }) => [
    kling({ apiKey, baseUrl: `${url}/kling` }),
    kling({ account: "pair", apiKey: accessKey, baseUrl: `${url}/kling` })
  ]
} satisfies TestVendor
