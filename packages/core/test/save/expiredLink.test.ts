import { describe, expect, it } from "vitest"
import { complete, download, output, png, pngMedia, start, url } from "../support/downloadOutput.ts"

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

  it("of the second of two results is replaced by the second link", async () => {
    const { urls } = await download([{ status: 410 }, complete(png)], {
      others: [output("https://files.example.com/t.png", { role: "thumbnail" }), other],
      refreshed: [[other, renewed, output("https://files.example.com/p.png", { role: "preview" })]]
    })
    expect(urls[1]).toBe(renewed.url)
  })

  it.each([
    ["returns another number of outputs", [other, renewed]],
    ["returns no output", []],
    ["fails", "no"]
  ] as const)("is retried unchanged and then fails if the query %s", async (_, refreshed) => {
    const { urls, reason } = await download([{ status: 403 }, { status: 403 }], {
      refreshed: [refreshed, refreshed],
      attempts: 2
    })
    expect(new Set(urls)).toEqual(new Set([`${url}?sig=1`]))
    expect(reason).toEqual({ _tag: "LinkExpired", url, httpStatus: 403 })
  })
})
