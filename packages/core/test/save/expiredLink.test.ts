import { describe, expect, it } from "vitest"
import { complete, download, output, pngMedia, start, url } from "../support/downloadOutput.ts"
import { png } from "../support/mediaFiles.ts"

describe("an expired link", () => {
  const renewed = output(`${url}?sig=2`)
  const other = output("https://files.example.com/other.png")

  it("is renewed without a delay the first time, and with a delay after that", async () => {
    const {
      slept,
      urls,
      media: found
    } = await download([{ status: 403 }, { status: 404 }, complete(png)], {
      refreshed: [[renewed], [output(`${url}?sig=3`)]],
      attempts: 3
    })
    expect({ slept, urls, found }).toEqual({
      slept: [0, 500],
      urls: [`${url}?sig=1`, `${url}?sig=2`, `${url}?sig=3`],
      found: pngMedia
    })
  })

  it("is renewed before the first request once its expiry has passed", async () => {
    const { urls, queries } = await download([complete(png)], {
      output: output(`${url}?sig=1`, { expiresAt: new Date(start) }),
      refreshed: [[renewed]]
    })
    expect({ urls, queries }).toEqual({ urls: [renewed.url], queries: 1 })
  })

  it("is not renewed before its expiry", async () => {
    const { urls, queries } = await download([complete(png)], {
      output: output(`${url}?sig=1`, { expiresAt: new Date(start + 1) })
    })
    expect({ urls, queries }).toEqual({ urls: [`${url}?sig=1`], queries: 0 })
  })

  it("is replaced by the link with the same path, wherever the provider lists it", async () => {
    const { urls, source } = await download([{ status: 410 }, complete(png)], {
      others: [output("https://files.example.com/t.png", { role: "thumbnail" }), other],
      refreshed: [[renewed, other, output("https://files.example.com/p.png", { role: "preview" })]]
    })
    expect({ url: urls[1], source }).toEqual({ url: renewed.url, source: renewed.url })
  })

  it("is replaced by the link at the same position if no link is like an earlier one", async () => {
    const [first, second] = ["https://files.example.com/x.png", "https://files.example.com/y.png"].map(
      (each) => output(each)
    )
    const { urls } = await download([{ status: 410 }, complete(png)], {
      others: [other],
      refreshed: [[first, second].flatMap((each) => each ?? [])]
    })
    expect(urls[1]).toBe(second?.url)
  })

  it.each([
    ["returns another number of outputs", [other, output("https://files.example.com/x.png")]],
    ["returns the other outputs alone", [other]],
    ["returns no output", []],
    ["fails", "no"]
  ] as const)("is retried unchanged and then fails if the query %s", async (_, refreshed) => {
    const { urls, reason } = await download([{ status: 403 }, { status: 403 }], {
      others: [other],
      refreshed: [refreshed, refreshed],
      attempts: 2
    })
    expect(new Set(urls)).toEqual(new Set([`${url}?sig=1`]))
    expect(reason).toEqual({ _tag: "LinkForbidden", url, httpStatus: 403 })
  })

  it("that the server rejects with HTTP 403 has expired if its expiry has passed", async () => {
    const expired = output(`${url}?sig=1`, { expiresAt: new Date(start) })
    const { reason } = await download([{ status: 403 }], { output: expired, attempts: 1 })
    expect(reason).toEqual({ _tag: "LinkExpired", url, httpStatus: 403 })
  })

  it.each([404, 410])("that the server rejects with HTTP %i has expired", async (status) => {
    expect((await download([{ status }], { attempts: 1 })).reason).toEqual({
      _tag: "LinkExpired",
      url,
      httpStatus: status
    })
  })
})
