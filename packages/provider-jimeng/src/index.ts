/** The gentask provider for the Jimeng official format, of Volcengine and of the relays that speak it. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import { queryAction } from "./actions.ts"
import { authorize } from "./authorize.ts"
import { decode, decodeError, errors, statuses } from "./decode.ts"
import { params, settings } from "./settings.ts"
import type { JimengSettings } from "./settings.ts"
import { models, submit } from "./submit.ts"
import type { JimengModels } from "./submit.ts"
import { webhook } from "./webhook.ts"

export type { JimengReqJson, JimengSettings } from "./settings.ts"

const hour = 60 * 60 * 1000

/**
 * The provider for the Jimeng official format: `POST /jm?Action=CVSync2AsyncGetResult&Version=2022-08-31`, and
 * `CVSync2AsyncSubmitTask` to create a task, whose model is the `req_key`. There is no
 * default endpoint, because an API key is valid on one host only. Requests to `volcengine` are signed, and its API key is
 * `ACCESS_KEY_ID|SECRET_ACCESS_KEY`. Params: `req_key`, which must be that of the submit, and `req_json`, which replaces
 * that of the settings.
 *
 * @see https://docs.octopusx.ai/en/images/jimeng/official-query
 * @see https://www.volcengine.com/docs/85621
 */
const spec = defineProvider({
  specVersion: 1,
  id: "jimeng",
  title: "Jimeng, official format",
  docs: "https://docs.octopusx.ai/en/images/jimeng/official-query",
  examples: [
    "jimeng@octopusx:67fb9e82-126e-4c71-bb16-a3bb3789e3b7",
    "jimeng@octopusx:67fb9e82-126e-4c71-bb16-a3bb3789e3b7?req_key=jimeng_ti2v_v30_pro",
    'jimeng@octopusx:67fb9e82-126e-4c71-bb16-a3bb3789e3b7?req_json={"return_url":true}',
    "jimeng@volcengine:7392616336519610409"
  ],
  mediaKinds: ["image", "video"],
  statuses,
  endpoints: {
    octopusx: {
      baseUrl: "https://octopusx.ai",
      docs: "https://docs.octopusx.ai/en/images/jimeng/official-query"
    },
    deepwl: {
      baseUrl: "https://zx1.deepwl.net",
      docs: "https://doc.deepwl.cn/en/images/jimeng/official-generation"
    },
    volcengine: {
      baseUrl: "https://visual.volcengineapi.com",
      docs: "https://www.volcengine.com/docs/85621",
      settings: { path: "/" }
    }
  },
  settings,
  params,
  authorize,
  errors,
  query: {
    request: (task, account) => {
      const reqKey = task.params.req_key ?? account.reqKey
      return {
        method: "POST",
        path: account.path,
        query: queryAction(reqKey),
        headers: { "content-type": "application/json", accept: "application/json" },
        body: {
          req_key: reqKey,
          task_id: task.id,
          req_json: task.params.req_json ?? JSON.stringify(account.reqJson)
        }
      }
    },
    decode,
    decodeError
  },
  submit,
  webhook,
  // Documented by Volcengine, and inferred for the relays.
  resultLifetimeMs: { image: 24 * hour, video: hour }
})

export default spec

/**
 * Configures an account at Volcengine or at a relay.
 *
 * ```ts
 * const gentask = createGentask({
 *   providers: [jimeng({ endpoint: "octopusx", apiKey: process.env.JIMENG_API_KEY })]
 * })
 * const request = jimeng.models["jimeng_t2i_v40"]({ prompt: "A fox in the snow", count: 1 })
 * const task = await gentask.wait("jimeng:67fb9e82-126e-4c71-bb16-a3bb3789e3b7")
 * ```
 *
 * @param options The endpoint, the API key, and {@link JimengSettings}.
 */
export const jimeng: ProviderFactory<JimengSettings, "octopusx" | "deepwl" | "volcengine", JimengModels> =
  providerFactory(spec, models)
