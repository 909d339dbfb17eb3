/** The Jimeng official format, as Volcengine and its relays speak it, for gentask. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import { authorize } from "./authorize.ts"
import { interpret, refuse, statuses } from "./interpret.ts"
import { hints, settings } from "./settings.ts"
import { response } from "./wire.ts"

export type { JimengReqJson, JimengSettings } from "./settings.ts"

const hour = 60 * 60 * 1000

/**
 * The Jimeng official format: `POST /jm?Action=CVSync2AsyncGetResult&Version=2022-08-31`. There is no default
 * endpoint, since a key is good on one host alone. Volcengine's own, `volcengine`, is asked with signed requests, and
 * its key is `ACCESS_KEY_ID|SECRET_ACCESS_KEY`. Hints: `req_key`, which must be the one of the submit, and `req_json`,
 * which replaces that of the settings.
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
  params: hints,
  authorize,
  query: {
    request: (task, account) => ({
      method: "POST",
      path: account.path,
      query: { Action: "CVSync2AsyncGetResult", Version: "2022-08-31" },
      headers: { "content-type": "application/json", accept: "application/json" },
      body: {
        req_key: task.params.req_key ?? account.reqKey,
        task_id: task.id,
        req_json: task.params.req_json ?? JSON.stringify(account.reqJson)
      }
    }),
    response,
    decode: interpret,
    decodeError: refuse
  },
  // Documented by Volcengine; that the relays' links live as long is inferred.
  resultLifetimeMs: { image: 24 * hour, video: hour }
})

export default spec

/** Configures an account: `jimeng({ endpoint: "octopusx", apiKey })`. */
export const jimeng = providerFactory(spec)
