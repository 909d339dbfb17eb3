import { configure } from "@gentask/core/provider"
import { requestOf } from "@gentask/core/testing"
import { describe, expect, it } from "vitest"
import spec, { jimeng } from "../src/index.ts"
import type { JimengSettings } from "../src/index.ts"

const id = "67fb9e82-126e-4c71-bb16-a3bb3789e3b7"

/** The request, with its two layers of JSON read. */
const ask = (ref = `jimeng:${id}`, options: JimengSettings & { endpoint?: string } = {}) => {
  const { url, body, ...request } = requestOf(
    jimeng({ endpoint: "octopusx", apiKey: "key", ...options }),
    ref
  )
  const read: { task_id: string; req_json: string } = JSON.parse(body ?? "")
  return { ...request, url: url.href, body: { ...read, req_json: JSON.parse(read.req_json) as unknown } }
}

const documented = {
  method: "POST",
  url: "https://octopusx.ai/jm?Action=CVSync2AsyncGetResult&Version=2022-08-31",
  headers: { authorization: "Bearer key", "content-type": "application/json", accept: "application/json" },
  body: { req_key: "jimeng_t2i_v40", task_id: id, req_json: { return_url: true } }
}

describe("a question in the Jimeng official format", () => {
  it("is the documented request on either endpoint", () => {
    expect(ask()).toEqual(documented)
    expect(ask(`jimeng:${id}`, { endpoint: "deepwl" })).toEqual({
      ...documented,
      url: "https://zx1.deepwl.net/jm?Action=CVSync2AsyncGetResult&Version=2022-08-31"
    })
  })

  it("has no endpoint unless one is named", () => {
    expect(() => requestOf(jimeng({ apiKey: "key" }), `jimeng:${id}`)).toThrow("Choose octopusx or deepwl")
  })

  it("sends ids of 19 digits as the text that they are", () => {
    expect(ask("jimeng:7392616336519610409").body.task_id).toBe("7392616336519610409")
  })

  it("writes the settings in the vendor's words", () => {
    const settings: JimengSettings = {
      path: "/volcark/visual",
      reqKey: "jimeng_ti2v_v30_pro",
      returnUrl: false,
      logoInfo: { addLogo: true, position: 3, language: 1, opacity: 0.5, logoTextContent: "made by AI" },
      aigcMeta: { contentProducer: "a", producerId: "b", contentPropagator: "c", propagateId: "d" }
    }
    expect(ask(`jimeng:${id}`, settings)).toEqual({
      ...documented,
      url: "https://octopusx.ai/volcark/visual?Action=CVSync2AsyncGetResult&Version=2022-08-31",
      body: {
        req_key: "jimeng_ti2v_v30_pro",
        task_id: id,
        req_json: {
          return_url: false,
          logo_info: {
            add_logo: true,
            position: 3,
            language: 1,
            opacity: 0.5,
            logo_text_content: "made by AI"
          },
          aigc_meta: { content_producer: "a", producer_id: "b", content_propagator: "c", propagate_id: "d" }
        }
      }
    })
  })

  it("lets the ref's hints win over the settings", () => {
    const hints = `req_key=jimeng_i2i&req_json=${encodeURIComponent('{"a":1}')}`
    expect(ask(`jimeng:${id}?${hints}`, { reqKey: "other", logoInfo: { addLogo: true } }).body).toEqual({
      req_key: "jimeng_i2i",
      task_id: id,
      req_json: { a: 1 }
    })
  })

  it.each(["{", "[]", "null", "1", ""])("refuses the hint req_json=%s", (text) => {
    expect(() => ask(`jimeng:${id}?req_json=${text}`)).toThrow(
      'its hints are wrong at req_json: it must be the text of a JSON object, such as {"return_url":true}.'
    )
  })

  it.each([
    [{ path: "jm" }, "path"],
    [{ path: "/jm?x=1" }, "path"],
    [{ logoInfo: { position: 4 } }, "logoInfo.position"],
    [{ logoInfo: { opacity: 2 } }, "logoInfo.opacity"],
    [{ aigcMeta: {} }, "aigcMeta.producerId"]
  ])("refuses the settings %j", (settings, path) => {
    const account = configure(spec, { endpoint: "octopusx", apiKey: "key", ...settings })
    expect(() => requestOf(account, `jimeng:${id}`)).toThrow(`The settings of jimeng are wrong at ${path}`)
  })
})
