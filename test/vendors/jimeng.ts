import spec, { jimeng } from "@gentask/provider-jimeng"
import type { TestVendor } from "../TestVendor.ts"

export default {
  spec,
  systems: [
    {
      name: "jimeng at octopusx",
      script: { vendor: "jimeng" },
      ref: (id) => `jimeng@octopusx:${id}`,
      mediaType: "image/jpeg",
      listsOutputs: true
    },
    {
      name: "jimeng at deepwl",
      script: { vendor: "jimeng", inline: true },
      ref: (id) => `jimeng@deepwl:${id}?req_key=jimeng_t2i_v40`,
      mediaType: "image/jpeg",
      listsOutputs: true
    }
  ],
  accounts: (baseUrl, apiKey) => [
    jimeng({ account: "octopusx", endpoint: "octopusx", apiKey, baseUrl }),
    jimeng({ account: "deepwl", endpoint: "deepwl", apiKey, baseUrl })
  ],
  variables: ["JIMENG_OCTOPUSX", "JIMENG_DEEPWL"],
  submitSystems: [
    {
      name: "jimeng at octopusx",
      account: "jimeng@octopusx",
      service: "jimeng",
      model: "jimeng_t2i_v40",
      imageModel: "jimeng_i2i_v30",
      repeats429: true
    },
    {
      name: "jimeng at volcengine",
      account: "jimeng@volcengine",
      service: "jimeng",
      model: "jimeng_t2i_v40",
      imageModel: "jimeng_i2i_v30",
      repeats429: true
    }
  ],
  submitAccounts: ({ url, apiKey, accessKey }) => [
    jimeng({ account: "octopusx", endpoint: "octopusx", apiKey, baseUrl: url }),
    jimeng({ account: "volcengine", endpoint: "volcengine", apiKey: accessKey, baseUrl: url })
  ]
} satisfies TestVendor
