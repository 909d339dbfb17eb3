/** Faults of result links. */
import { assert, describe, it } from "vitest"
import type { EmulatedTask, Emulator, LinkFault, Vendor } from "../src/index.ts"
import { rootVendors } from "../src/vendors/vendorNames.ts"
import { inOrder, linkIn, queryTask, send, start } from "./support.ts"

const add = (emulator: Emulator, links: readonly LinkFault[], vendor: Vendor = "jimmy"): EmulatedTask =>
  emulator.addTask({ vendor, links })

const linkOf = async (emulator: Emulator, task: EmulatedTask): Promise<string> =>
  linkIn((await queryTask(emulator, task)).body)

const oneLink = async (emulator: Emulator, fault: LinkFault, vendor?: Vendor): Promise<string> =>
  linkOf(emulator, add(emulator, [fault], vendor))

const statusOf = async (link: string): Promise<number> => (await send(link)).status

/** One request, no redirect followed. */
const hop = async (link: string) => {
  const response = await fetch(link, { redirect: "manual" })
  await response.arrayBuffer()
  return { status: response.status, location: response.headers.get("location") }
}

describe("a link", () => {
  it.each(rootVendors)("of %s is relative in every response by default", async (vendor) => {
    const emulator = await start()
    const task = add(emulator, [{ link: "relative" }], vendor)
    const links = [await linkOf(emulator, task), await linkOf(emulator, task)]
    await inOrder(links, async (link) => {
      assert.match(link, /^\/media\//)
      assert.strictEqual(await statusOf(emulator.url + link), 200)
    })
  })

  it("is wrapped in spaces, backticks or both", async () => {
    const emulator = await start()
    const wrapped = await inOrder(["blanks", "backticks", "both", undefined] as const, (each) =>
      oneLink(emulator, each === undefined ? { link: "wrapped" } : { link: "wrapped", in: each })
    )
    assert.deepEqual(
      wrapped.map((link) => link.replace(/http\S+?(?=`|\s|$)/, "*")),
      ["  * \n", "`*`", " `*` ", " `*` "]
    )
    assert.strictEqual(await statusOf((wrapped[3] ?? "").replaceAll(/[ `]/g, "")), 200)
  })

  it("leads to another origin", async () => {
    const emulator = await start()
    const link = await oneLink(emulator, { link: "elsewhere" }, "sora")
    assert.isTrue(link.startsWith(`${emulator.otherUrl}/media/sora/`))
    assert.notStrictEqual(new URL(link).origin, new URL(emulator.url).origin)
    assert.strictEqual(await statusOf(link), 200)
  })

  it("is replaced by any string", async () => {
    const emulator = await start()
    const strings = ["http://169.254.169.254/latest/meta-data/", "", "javascript:alert(1)", "://"]
    assert.deepEqual(await inOrder(strings, (by) => oneLink(emulator, { link: "replaced", by })), strings)
  })

  it.each(rootVendors)(
    "of %s has expired at first, also by its expiry date, and a new one works",
    async (vendor) => {
      const emulator = await start()
      const task = add(emulator, [{ link: "expired" }], vendor)
      const [first, second] = [await linkOf(emulator, task), await linkOf(emulator, task)]
      assert.deepEqual([await statusOf(first), await statusOf(second)], [403, 200])
      const parameters = new URL(first).searchParams
      const expiresAt = parameters.has("se")
        ? Date.parse(parameters.get("se") ?? "")
        : Number(parameters.get("x-expires")) * 1000
      assert.isBelow(expiresAt, Date.now() - 30_000)
    }
  )

  it("is forbidden until it is renewed", async () => {
    const emulator = await start()
    const task = add(emulator, [{ link: "forbidden" }], "aigptimage")
    const [first, second] = [await linkOf(emulator, task), await linkOf(emulator, task)]
    const statuses = await inOrder([first, first, second, first], statusOf)
    assert.deepEqual(statuses, [403, 403, 200, 403])
    assert.deepEqual(emulator.faultStats().media, {
      requests: 4,
      faulted: 3,
      byFault: { forbidden: 3 }
    })
  })

  it("is forbidden for the first requests to each link", async () => {
    const emulator = await start()
    const task = add(emulator, [{ link: "forbidden", requests: 2, queries: 2 }])
    const [first, second, third] = await inOrder([1, 2, 3], () => linkOf(emulator, task))
    const order = [first, second, first, first, second, second, third]
    const statuses = await inOrder(order, (link) => statusOf(link ?? ""))
    assert.deepEqual(statuses, [403, 403, 403, 200, 403, 200, 200])
  })

  it("has one fault after another", async () => {
    const emulator = await start()
    const task = add(emulator, [
      { link: "expired" },
      { link: "replaced", by: "x", queries: 2 },
      { link: "relative" }
    ])
    const links = await inOrder([1, 2, 3, 4, 5], () => linkOf(emulator, task))
    assert.deepEqual(
      links.map((link) => link.slice(0, 5)),
      ["http:", "x", "x", "/medi", "/medi"]
    )
  })

  it("keeps its fault for the first response with links", async () => {
    const emulator = await start()
    const faults = [{ fault: "status", status: 500 }, { fault: "unknown-status" }] as const
    const task = emulator.addTask({
      vendor: "jimmy",
      faults,
      links: [{ link: "replaced", by: "x", queries: 1 }]
    })
    const bodies = await inOrder([1, 2, 3, 4], async () => (await queryTask(emulator, task)).body)
    assert.deepEqual(
      bodies.map(({ data }) => data?.result?.image_url.slice(0, 4)),
      [undefined, undefined, "x", "http"]
    )
  })
})

describe("a redirect", () => {
  it("leads to the file after the given number of hops", async () => {
    const emulator = await start()
    const link = await oneLink(emulator, { link: "redirected", hops: 3, status: 307 }, "sora")
    const statuses: number[] = []
    let next: string | null = link
    while (next !== null) {
      const { status, location }: Awaited<ReturnType<typeof hop>> = await hop(next)
      statuses.push(status)
      next = location
    }
    assert.deepEqual(statuses, [307, 307, 307, 200])
    assert.strictEqual((await fetch(link)).headers.get("content-type"), "video/mp4")
    assert.deepEqual(emulator.faultStats().media, {
      requests: 8,
      faulted: 6,
      byFault: { redirected: 6 }
    })
  })

  it("leads to itself endlessly", async () => {
    const emulator = await start()
    const link = await oneLink(emulator, { link: "redirected", to: "itself" })
    assert.deepEqual(await hop(link), { status: 302, location: link })
    assert.deepEqual(await hop(link), { status: 302, location: link })
  })

  it.each(["http://10.0.0.1/", "http://169.254.169.254/latest", "file:///etc/passwd"] as const)(
    "leads to %s in the last hop",
    async (to) => {
      const emulator = await start()
      const link = await oneLink(emulator, { link: "redirected", hops: 2, to })
      const first = await hop(link)
      assert.isTrue(first.location?.startsWith(emulator.url))
      assert.deepEqual(await hop(first.location ?? ""), { status: 302, location: to })
    }
  )

  it("leads to the file on another origin and expires with its link", async () => {
    const emulator = await start({ linkLifetime: 60_000 })
    const link = await oneLink(emulator, { link: "redirected", to: "elsewhere" })
    const { location } = await hop(link)
    assert.isTrue(location?.startsWith(emulator.otherUrl))
    assert.strictEqual(await statusOf(location ?? ""), 200)
    const expiry = (url: string): string | undefined => new URL(url).pathname.split("/")[3]
    assert.strictEqual(expiry(location ?? ""), expiry(link))
  })
})
