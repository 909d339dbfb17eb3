/** DashScope, the API of Alibaba Cloud Model Studio (https://www.alibabacloud.com/help/en/model-studio). */
import { randomUUID } from "node:crypto"
import type { VendorModule } from "../VendorModule.ts"
import { errors } from "./errors.ts"
import { submitRoute } from "./submits.ts"
import { taskRoutes } from "./tasks.ts"
import { makeUploads } from "./uploads.ts"

/** The vendor DashScope. */
export const dashscope: VendorModule = {
  traits: {
    prompt: "A flower shop with exquisite windows",
    model: (kind) => (kind === "video" ? "wan2.7-t2v" : "qwen-image"),
    newId: () => randomUUID(),
    // Documented: 24 hours.
    linkLifetime: () => 24 * 3_600_000,
    linkStyle: () => "oss",
    hasResultList: (kind) => kind === "image",
    transientCodes: ["InternalError"]
  },
  examples: [
    { description: "an image, done", script: {} },
    { description: "a video, done in a minute", script: { media: ["mp4"], runningFor: 60_000 } }
  ],
  create: (context) => {
    const uploads = makeUploads(context)
    return {
      errors,
      idFields: ["task_id", "choices"],
      routes: [submitRoute(context, uploads), ...taskRoutes(context), uploads.route]
    }
  }
}
