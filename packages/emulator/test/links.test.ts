/** Result links, and the files behind them. */
import { Agent, request as httpRequest } from "node:http"
import { assert, describe, it } from "vitest"
import type { Emulator, TaskScript } from "../src/index.ts"
import { inOrder, linkIn, queryTask, send, start, stopClock } from "./support.ts"

const linkOf = async (emulator: Emulator, script: TaskScript): Promise<string> =>
  linkIn((await queryTask(emulator, emulator.addTask(script))).body)

const everyVendor = [
  { vendor: "jimmy" },
  { vendor: "jimmy", kind: "video" },
  { vendor: "sora" },
  { vendor: "jimeng" },
  { vendor: "jimeng", kind: "video" },
  { vendor: "aigptimage" }
] as const

const hour = 3_600_000
const parameters = (link: string): URLSearchParams => new URL(link).searchParams

const error = (code: string, message: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`

const forged = error("SignatureDoesNotMatch", "The signature of this link is not valid.")
const expired = error("AccessDenied", "This link has expired.")

describe("a link", () => {
  it.each(everyVendor)("of $vendor $kind works without a key", async (script) => {
    const emulator = await start()
    const response = await fetch(await linkOf(emulator, script))
    const bytes = await response.arrayBuffer()
    assert.strictEqual(response.status, 200)
    assert.strictEqual(response.headers.get("content-length"), String(bytes.byteLength))
  })

  it.each(everyVendor)("of $vendor $kind is rejected if any character differs", async (script) => {
    const emulator = await start()
    const link = await linkOf(emulator, script)
    const place = link.search(/(?<=(?:sig|x-signature|X-Tos-Signature|token)=)/)
    const other = link[place] === "a" ? "b" : "a"
    const forgeries = [
      link.slice(0, place) + other + link.slice(place + 1),
      link.replace(/\.(mp4|png|jpeg)\?/, ".gif?"),
      link.replace(/\/media\/(\w+)\/(\w+)\//, "/media/$1/zzzzzzzz/"),
      `${link}&more=1`,
      link.slice(0, link.indexOf("?"))
    ]
    await inOrder(forgeries, async (forgery) => {
      const { status, headers, body } = await send(forgery)
      assert.deepEqual([status, headers.get("content-type"), body], [403, "application/xml", forged], forgery)
    })
  })

  it.each(everyVendor)("of $vendor $kind is rejected once it has expired", async (script) => {
    const emulator = await start()
    const { status, body } = await send(await linkOf(emulator, { ...script, linkLifetime: 0 }))
    assert.deepEqual([status, body], [403, expired])
  })

  it("expires to the millisecond, and a new query returns a new one", async () => {
    const advance = stopClock()
    const emulator = await start({ linkLifetime: 250 })
    const task = emulator.addTask({ vendor: "jimmy" })
    const first = (await queryTask(emulator, task)).body.data.result.image_url
    advance(249)
    const early = await send(first)
    advance(1)
    const late = await send(first)
    const renewed = await send((await queryTask(emulator, task)).body.data.result.image_url)
    assert.deepEqual([early.status, late.status, renewed.status], [200, 403, 200])
  })

  it.each(everyVendor)("of $vendor $kind can have an infinite or a negative lifetime", async (script) => {
    const emulator = await start()
    const unlimited = await linkOf(emulator, { ...script, linkLifetime: Number.POSITIVE_INFINITY })
    const negative = await linkOf(emulator, { ...script, linkLifetime: -1e300 })
    assert.deepEqual([(await send(unlimited)).status, (await send(negative)).status], [200, 403])
  })

  it("stays expired if the task does not renew its links", async () => {
    const advance = stopClock()
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", linkLifetime: 50, renewLinks: false })
    const first = (await queryTask(emulator, task)).body.data.result.image_url
    advance(50)
    const again = (await queryTask(emulator, task)).body.data.result.image_url
    assert.strictEqual(again, first)
    assert.strictEqual((await send(again)).status, 403)
  })

  it("contains its expiry in the vendor's form, with the vendor's lifetime", async () => {
    const emulator = await start()
    const before = Date.now()
    const sora = parameters(await linkOf(emulator, { vendor: "sora" }))
    const image = parameters(await linkOf(emulator, { vendor: "jimeng" }))
    const video = parameters(await linkOf(emulator, { vendor: "jimeng", kind: "video" }))
    const tosDate = (video.get("X-Tos-Date") ?? "").replace(
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
      "$1-$2-$3T$4:$5:$6Z"
    )
    const lifetimes = [
      Date.parse(sora.get("se") ?? "") - before,
      Number(image.get("x-expires")) * 1000 - before,
      Date.parse(tosDate) + Number(video.get("X-Tos-Expires")) * 1000 - before
    ]
    for (const [index, documented] of [144 * hour, 24 * hour, hour].entries()) {
      assert.approximately(lifetimes[index] ?? 0, documented + 1000, 1999)
    }
    await inOrder(["jimmy", "aigptimage"] as const, async (vendor) => {
      assert.deepEqual([...parameters(await linkOf(emulator, { vendor })).keys()], ["token"])
    })
  })

  it("of another emulator is rejected", async () => {
    const [one, other] = [await start(), await start()]
    const link = await linkOf(one, { vendor: "sora" })
    assert.strictEqual((await send(link.replace(one.url, other.url))).status, 403)
  })

  it("that is malformed is rejected", async () => {
    const emulator = await start()
    await inOrder(
      ["/media/", "/media/jimmy/zz/a/result.png?token=%ff", "/media/unknown/zz/a.png?token=a"],
      async (path) => {
        assert.strictEqual((await send(emulator.url + path)).status, 403, path)
      }
    )
  })

  it("is logged with its task", async () => {
    const emulator = await start()
    const link = await linkOf(emulator, { vendor: "sora", id: "sora-2:task_1" })
    await send(link)
    await send(`${link}x`)
    assert.deepEqual(
      emulator.requests.map(({ purpose, vendor, taskId, status }) => [purpose, vendor, taskId, status]),
      [
        ["query", "sora", "sora-2:task_1", 200],
        ["media", "sora", "sora-2:task_1", 200],
        ["media", null, null, 403]
      ]
    )
  })
})

const get = async (url: string, headers: Record<string, string>) => {
  const response = await fetch(url, { headers })
  return {
    status: response.status,
    range: response.headers.get("content-range"),
    length: response.headers.get("content-length"),
    bytes: Buffer.from(await response.arrayBuffer())
  }
}

const fileHeaders = (response: Response) =>
  ["content-type", "content-length", "etag", "last-modified", "accept-ranges"].map((name) =>
    response.headers.get(name)
  )

describe("a file", () => {
  it("is served in ranges", async () => {
    const emulator = await start()
    const link = await linkOf(emulator, { vendor: "jimmy" })
    const whole = (await get(link, {})).bytes
    const size = whole.length
    const ranges: readonly [string, number, number][] = [
      ["bytes=0-0", 0, 0],
      ["bytes=10-19", 10, 19],
      [`bytes=${size - 1}-`, size - 1, size - 1],
      [`bytes=100-${size + 100}`, 100, size - 1],
      ["bytes=-5", size - 5, size - 1],
      [`bytes=-${size + 5}`, 0, size - 1]
    ]
    await inOrder(ranges, async ([range, first, last]) => {
      assert.deepEqual(await get(link, { range }), {
        status: 206,
        range: `bytes ${first}-${last}/${size}`,
        length: String(last - first + 1),
        bytes: whole.subarray(first, last + 1)
      })
    })
  })

  it("is served whole unless exactly one range of bytes is requested", async () => {
    const emulator = await start()
    const link = await linkOf(emulator, { vendor: "jimmy" })
    await inOrder(["bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "lines=0-1"], async (range) => {
      assert.strictEqual((await get(link, { range })).status, 200, range)
    })
  })

  it("has no range beyond its end", async () => {
    const emulator = await start()
    const link = await linkOf(emulator, { vendor: "jimmy" })
    const size = (await get(link, {})).bytes.length
    await inOrder([`bytes=${size}-`, `bytes=${size}-${size + 1}`, "bytes=-0"], async (range) => {
      const { status, range: contentRange } = await get(link, { range })
      assert.deepEqual([status, contentRange], [416, `bytes */${size}`], range)
    })
  })

  it("is served in ranges only if the If-Range validator matches", async () => {
    const emulator = await start()
    const link = await linkOf(emulator, { vendor: "jimmy" })
    const { headers } = await fetch(link)
    const range = "bytes=0-9"
    const statuses = await Promise.all(
      [headers.get("etag"), headers.get("last-modified"), '"other"', "Mon, 06 Oct 2025 15:14:12 GMT"].map(
        async (validator) => (await get(link, { range, "if-range": validator ?? "" })).status
      )
    )
    assert.deepEqual(statuses, [206, 206, 200, 200])
  })

  it("has the same headers for HEAD as for GET, and no body", async () => {
    const emulator = await start()
    const link = await linkOf(emulator, { vendor: "jimmy" })
    const [got, head] = [await fetch(link), await fetch(link, { method: "HEAD" })]
    assert.deepEqual([head.status, fileHeaders(head)], [200, fileHeaders(got)])
    assert.strictEqual((await head.arrayBuffer()).byteLength, 0)
  })

  it("keeps the connection usable after HEAD", async () => {
    const emulator = await start()
    const link = await linkOf(emulator, { vendor: "jimmy" })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const statusOf = (method: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const call = httpRequest(link, { method, agent }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode ?? 0))
        })
        call.on("error", reject).end()
      })
    assert.deepEqual([await statusOf("HEAD"), await statusOf("GET"), await statusOf("HEAD")], [200, 200, 200])
    agent.destroy()
  })
})
