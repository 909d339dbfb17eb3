/** ComfyUI, a server of the user's own (https://docs.comfy.org/development/comfyui-server/comms_routes). */
import { randomUUID } from "node:crypto"
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { VendorModule } from "../VendorModule.ts"
import { fileRoutes } from "./files.ts"
import { taskRoutes } from "./tasks.ts"

/** The vendor ComfyUI. It has no API keys. Its WebSocket is not emulated. */
export const comfyui: VendorModule = {
  traits: {
    prompt: "A cat",
    model: () => "workflow",
    newId: () => randomUUID(),
    linkLifetime: () => Number.POSITIVE_INFINITY,
    linkStyle: () => "public",
    hasResultList: () => true,
    transientCodes: [500]
  },
  examples: [
    { description: "an image, done", script: {} },
    { description: "a video, done in a minute", script: { media: ["mp4"], runningFor: 60_000 } }
  ],
  variables: ({ url }) => ({ BASE_URL: url }),
  create: (context) => ({
    readKey: () => "",
    acceptsKey: () => true,
    idFields: ["prompt_id"],
    errors: {
      // Read in server.py: the form of its own errors. Those of its library are text.
      error: (status, { message } = {}) => jsonResponse(status, { error: message ?? statusTextOf(status) }),
      unknownTask: () => jsonResponse(200, {})
    },
    routes: [...taskRoutes(context), ...fileRoutes(context)]
  })
}
