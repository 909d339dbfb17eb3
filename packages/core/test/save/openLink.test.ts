import { describe, expect, it } from "vitest"
import type { DownloadContext } from "../../src/save/download/downloadLink.ts"
import { download, earlier, file, link } from "../support/downloadLink.ts"
import type { FileResponse } from "../support/fileServer.ts"

describe("an error of the transport", () => {
  it.each([
    [{ _tag: "Unreachable", message: "no route" } as const, { tag: "Transient", message: "no route" }],
    [{ _tag: "Unreachable" } as const, { tag: "Transient", message: "Unreachable" }],
    [
      { _tag: "Unreachable", code: "PRIVATE_ADDRESS", message: "it is private" } as const,
      { tag: "UnsafeLink", message: "it is private" }
    ]
  ])("%j fails with %j", async (response, error) => {
    expect((await download([response])).error).toEqual(error)
  })
})

describe("a redirect", () => {
  const to = (location: string, status = 302): FileResponse => ({ status, headers: { location } })

  it("is followed five times, relative to its own URL, with the range", async () => {
    const { received, result } = await download(
      [
        to("/b"),
        to("c", 301),
        to("https://other.example.com/d", 307),
        to("/e", 308),
        to("/f", 303),
        {
          status: 206,
          headers: { "content-range": "bytes 3-5/6", etag: '"v1"' },
          chunks: ["def"]
        }
      ],
      { earlier }
    )
    expect(received.map(({ url }) => url)).toEqual([
      link.href,
      "https://files.example.com/b",
      "https://files.example.com/c",
      "https://other.example.com/d",
      "https://other.example.com/e",
      "https://other.example.com/f"
    ])
    expect(new Set(received.map(({ headers }) => JSON.stringify(headers)))).toEqual(
      new Set(['{"range":"bytes=3-","if-range":"\\"v1\\""}'])
    )
    expect(result?.isDelimited).toBe(true)
  })

  it.each([
    ["for the sixth time", Array.from({ length: 6 }, () => to("/b")), "the link redirects more than 5 times"],
    ["to an invalid URL", [to("http://")], "the link redirects to an invalid URL"]
  ])("%s is not followed", async (_, responses, message) => {
    expect((await download(responses)).error).toEqual({ tag: "Rejected", message })
  })

  it("without a location is rejected", async () => {
    expect((await download([{ status: 302 }])).error).toEqual({
      tag: "Rejected",
      message: "the file server responded with HTTP 302"
    })
  })

  it.each([200, 299, 304, 400, 404])("needs a redirect status, which %i is not", async (status) => {
    const { received } = await download([{ status, headers: { location: "/b" }, chunks: ["abc"] }])
    expect(received).toHaveLength(1)
  })

  it.each([
    ["http://10.0.0.1/a", "10.0.0.1 is a private address"],
    ["file:///etc/passwd", "file: is not an HTTP URL"]
  ])("to %s is not followed", async (location, message) => {
    const { error, received } = await download([to(location)])
    expect({ error, requests: received.length }).toEqual({
      error: { tag: "UnsafeLink", message },
      requests: 1
    })
  })
})

describe("credentials", () => {
  const credentials: DownloadContext["credentials"] = ({ url }) =>
    url.origin === link.origin ? { authorization: "Bearer key" } : undefined

  it.each([401, 403])("are sent to the account's own origin after HTTP %i", async (status) => {
    const { received, bytes } = await download([{ status }, { ...file, chunks: ["abcdef"] }], { credentials })
    expect(received).toEqual([
      { url: link.href, headers: {} },
      { url: link.href, headers: { authorization: "Bearer key" } }
    ])
    expect(bytes).toBe("abcdef")
  })

  it("are created for the request that is sent", async () => {
    const calls: Array<unknown> = []
    await download([{ status: 403 }, { ...file, chunks: ["abcdef"] }], {
      credentials: (request) => {
        calls.push(request)
        return { authorization: "Bearer key" }
      }
    })
    expect(calls).toEqual([
      {
        method: "GET",
        url: link,
        headers: { accept: "*/*", "accept-encoding": "identity" },
        body: undefined
      }
    ])
  })

  it("are not sent unless they are required, and never to another origin", async () => {
    const unrestricted = await download([{ ...file, chunks: ["abcdef"] }], { credentials })
    const missing = await download([{ status: 404 }], { credentials })
    const otherOrigin = await download([{ status: 403 }], { credentials: () => undefined })
    const redirected = await download(
      [{ status: 302, headers: { location: "https://other.example.com/" } }, { status: 403 }],
      { credentials }
    )
    for (const { received } of [unrestricted, missing, otherOrigin, redirected])
      expect(received.map(({ headers }) => headers)).toEqual(received.map(() => ({})))
    expect([otherOrigin, redirected].map(({ error }) => error?.tag)).toEqual([
      "LinkForbidden",
      "LinkForbidden"
    ])
  })

  it("are sent at once for a private link, and only to the account's own origin", async () => {
    const own = await download([{ ...file, chunks: ["abcdef"] }], { credentials, isPrivate: true })
    expect(own.received).toEqual([{ url: link.href, headers: { authorization: "Bearer key" } }])
    const other = await download([{ ...file, chunks: ["abcdef"] }], {
      credentials,
      isPrivate: true,
      url: new URL("https://other.example.com/a.png")
    })
    expect(other.received.map(({ headers }) => headers)).toEqual([{}])
    const redirected = await download(
      [
        { status: 302, headers: { location: "https://other.example.com/b" } },
        { ...file, chunks: ["abcdef"] }
      ],
      { credentials, isPrivate: true }
    )
    expect(redirected.received.map(({ headers }) => headers)).toEqual([{ authorization: "Bearer key" }, {}])
  })

  it("that the account's own origin rejects show that the link has expired", async () => {
    const { error, received } = await download([{ status: 403 }, { status: 403 }], { credentials })
    expect({ tag: error?.tag, requests: received.length }).toEqual({ tag: "LinkExpired", requests: 2 })
  })

  it("are not sent along with a redirect", async () => {
    const { received } = await download(
      [
        { status: 401 },
        { status: 302, headers: { location: "https://other.example.com/b" } },
        { ...file, chunks: ["abcdef"] }
      ],
      { credentials }
    )
    expect(received.map(({ headers }) => headers)).toEqual([{}, { authorization: "Bearer key" }, {}])
  })
})

describe("a link in a private network", () => {
  const url = new URL("http://192.168.1.5:8188/view?filename=a.png")

  it("is opened if it is on the account's own origin", async () => {
    const response = { ...file, chunks: ["abcdef"] }
    expect((await download([response], { url, ownOrigin: url.origin })).bytes).toBe("abcdef")
    for (const ownOrigin of [undefined, "http://192.168.1.5:80", "https://192.168.1.5:8188"]) {
      expect((await download([response], { url, ownOrigin })).error?.tag).toBe("UnsafeLink")
    }
  })
})
