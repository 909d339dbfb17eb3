import spec, { comfyui } from "@gentask/provider-comfyui"
import type { Workflow } from "@gentask/provider-comfyui"
import type { TestVendor } from "../TestVendor.ts"

const nodes = {
  "3": { class_type: "KSampler", inputs: { seed: "{{seed}}", positive: ["6", 0] } },
  "6": { class_type: "CLIPTextEncode", inputs: { text: "{{prompt}}" } },
  "9": { class_type: "SaveImage", inputs: { images: ["3", 0] } }
}

const workflows: Readonly<Record<string, Workflow>> = {
  portrait: nodes,
  edit: { ...nodes, "10": { class_type: "LoadImage", inputs: { image: "{{image}}" } } }
}

export default {
  spec,
  systems: [
    {
      name: "comfyui",
      script: { vendor: "comfyui" },
      ref: (id) => `comfyui:${id}`,
      mediaType: "image/png",
      isKeyless: true,
      listsOutputs: true,
      failures: ["failed", "canceled"]
    }
  ],
  accounts: (baseUrl) => [comfyui({ baseUrl: `${baseUrl}/comfyui` })],
  variables: ["COMFYUI"],
  submitSystems: [
    {
      name: "comfyui",
      account: "comfyui",
      service: "comfyui",
      model: "portrait",
      imageModel: "edit",
      cancels: true,
      // A task that is removed from the queue leaves nothing behind.
      forgetsCanceled: true
    }
  ],
  submitAccounts: ({ url }) => [comfyui({ baseUrl: `${url}/comfyui`, workflows })]
} satisfies TestVendor
