/** The gentask provider for Luma Dream Machine. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import { decode, statuses } from "./decode.ts"
import { submit } from "./submit.ts"
import { generation } from "./wire.ts"

/**
 * The provider for the videos and images of Luma Dream Machine (https://lumalabs.ai/api). Each is a generation:
 * `GET /generations/{id}`.
 *
 * @see https://docs.lumalabs.ai/reference
 */
const spec = defineProvider({
  specVersion: 1,
  id: "luma",
  title: "Luma Dream Machine",
  docs: "https://docs.lumalabs.ai/docs/api",
  examples: ["luma:123e4567-e89b-12d3-a456-426614174000"],
  mediaKinds: ["video", "image"],
  statuses,
  endpoints: { luma: { baseUrl: "https://api.lumalabs.ai/dream-machine/v1" } },
  query: {
    request: ({ id }) => ({ method: "GET", path: `/generations/${encodeURIComponent(id)}` }),
    response: generation,
    decode
  },
  submit,
  // The vendor signs nothing, and core queries the task in any case.
  webhook: {
    response: generation,
    decode: ({ id }) => (id == null ? { _tag: "Ignored" } : { _tag: "TaskUpdated", task: { id } })
  }
})

export default spec

/**
 * Configures a Luma account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [luma({ apiKey: process.env.LUMA_API_KEY })] })
 * ```
 *
 * @param options The API key.
 */
export const luma = providerFactory(spec)
