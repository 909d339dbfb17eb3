/** The gentask provider for the video tasks of Your Vendor. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import { decode, errors, statuses } from "./decode.ts"
import { response } from "./wire.ts"

const day = 24 * 60 * 60 * 1000

/** The provider for Your Vendor (https://example.com): `GET /v1/tasks/{id}`. */
const spec = defineProvider({
  specVersion: 1,
  // The first part of a task ref, before `@` or the colon. It must be the same as in package.json.
  id: "your-vendor",
  // Fill in 1: the vendor's name, its documentation of tasks, its host, an example of a task id, the kinds of media that
  // its tasks create, and how long links are valid (omit it if the vendor does not document it).
  title: "Your Vendor",
  docs: "https://docs.example.com/tasks",
  endpoints: { main: { baseUrl: "https://api.example.com" } },
  examples: ["your-vendor:task_0001"],
  mediaKinds: ["video"],
  resultLifetimeMs: { video: 3 * day },
  statuses,
  errors,
  query: {
    // Fill in 2: the request that queries a task, with exactly the headers and the body that the vendor documents. Core
    // adds the host and `Authorization: Bearer KEY`.
    request: (task) => ({ method: "GET", path: `/v1/tasks/${encodeURIComponent(task.id)}` }),
    response,
    decode
  }
})

export default spec

/**
 * Configures an account of Your Vendor.
 *
 * ```ts
 * const gentask = createGentask({ providers: [yourVendor({ apiKey: process.env.YOUR_VENDOR_API_KEY })] })
 * ```
 */
export const yourVendor = providerFactory(spec)
