/** Your Vendor's video tasks, for gentask. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import { interpret, statuses } from "./interpret.ts"
import { response } from "./wire.ts"

const day = 24 * 60 * 60 * 1000

/** Your Vendor (https://example.com): `GET /v1/tasks/{id}`. */
const spec = defineProvider({
  specVersion: 1,
  // The word before the colon of a task ref; package.json has it too.
  id: "your-vendor",
  // Fill in 1: what people call the vendor, where it documents its tasks, its host, what an id looks like there, what
  // its tasks make, and how long a link lives (leave that out where the vendor does not say).
  title: "Your Vendor",
  docs: "https://docs.example.com/tasks",
  endpoints: { main: { baseUrl: "https://api.example.com" } },
  examples: ["your-vendor:task_0001"],
  makes: ["video"],
  resultLifetime: { video: 3 * day },
  statuses,
  query: {
    // Fill in 2: the request that asks about a task, with exactly the headers and the body that the vendor documents.
    // Core adds the host and `Authorization: Bearer KEY`.
    request: (task) => ({ method: "GET", path: `/v1/tasks/${encodeURIComponent(task.id)}` }),
    response,
    interpret
  }
})

export default spec

/** Configures an account of Your Vendor: `yourVendor({ apiKey })`. */
export const yourVendor = providerFactory(spec)
