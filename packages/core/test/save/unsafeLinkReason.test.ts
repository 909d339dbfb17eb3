import { describe, expect, it } from "vitest"
import { isPublic } from "../../src/http/ip.ts"
import { unsafeLinkReason } from "../../src/http/unsafeLinkReason.ts"
import { withoutQuery } from "../../src/save/withoutQuery.ts"

describe("unsafeLinkReason", () => {
  it.each([
    "http://10.0.0.1/",
    "http://172.16.3.4/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://0.0.0.0/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://167772161/",
    "http://0x0a000001/",
    "http://012.0.0.1/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[::10.0.0.1]/",
    "http://[::7f00:1]/",
    "http://[::169.254.169.254]/",
    "http://[::ffff:0:10.0.0.1]/",
    "http://[2002:0a00:0001::]/",
    "http://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/"
  ])("rejects the private address %s for every account", (link) => {
    expect(unsafeLinkReason(new URL(link), false)).toMatch(/private address/)
    expect(unsafeLinkReason(new URL(link), true)).toMatch(/private address/)
  })

  it.each([
    "http://127.0.0.1:8080/",
    "http://localhost/",
    "http://a.localhost./",
    "http://[::1]/",
    "http://2130706433/",
    "http://127.1/",
    "http://[::ffff:127.0.0.1]/"
  ])("accepts the loopback address %s only for an account on this machine", (link) => {
    expect(unsafeLinkReason(new URL(link), false)).toMatch(/this machine/)
    expect(unsafeLinkReason(new URL(link), true)).toBeUndefined()
  })

  it.each([
    "https://cdn.example/a.png",
    "http://93.184.216.34/a.png",
    "https://[2606:4700::1111]/a.png",
    "https://[64:ff9b::93.184.216.34]/a.png"
  ])("accepts %s", (link) => {
    expect(unsafeLinkReason(new URL(link), false)).toBeUndefined()
  })

  it("rejects other schemes and URLs with credentials", () => {
    expect(unsafeLinkReason(new URL("file:///etc/passwd"), true)).toBe("file: is not an HTTP URL")
    for (const login of ["user:pass", "user", ":pass"]) {
      expect(unsafeLinkReason(new URL(`https://${login}@cdn.example/`), true)).toBe(
        "the URL contains a user name or a password"
      )
    }
  })
})

describe("isPublic", () => {
  it("accepts only public addresses", () => {
    expect(["93.184.216.34", "2606:4700::1111"].map(isPublic)).toEqual([true, true])
    expect(
      ["127.0.0.1", "10.1.2.3", "::1", "fe80::1", "::ffff:192.168.0.1", "not an address"].map(isPublic)
    ).toEqual(Array.from({ length: 6 }, () => false))
  })

  it("accepts an IPv6 address that contains an IPv4 address only if that is public", () => {
    expect(["64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "::8.8.8.8", "::808:808"].map(isPublic)).toEqual([
      true,
      true,
      true,
      true
    ])
    const rejected = [
      "64:ff9b::10.0.0.1",
      "64:ff9b::169.254.169.254",
      "64:ff9b:1::8.8.8.8",
      "::10.0.0.1",
      "::7f00:1",
      "::1",
      "::",
      "2002:a00:1::1",
      "2001:0:4136:e378:8000:63bf:f5ff:fffe",
      "::ffff:0:10.0.0.1",
      "fe80::5efe:10.0.0.1"
    ]
    expect(rejected.filter(isPublic)).toEqual([])
  })
})

describe("withoutQuery", () => {
  it("removes query and fragment", () => {
    expect(withoutQuery("https://cdn.example/a/b.png?sig=secret&se=2030#x")).toBe(
      "https://cdn.example/a/b.png"
    )
  })

  it("returns an empty text for an invalid URL", () => {
    expect(withoutQuery("not a URL")).toBe("")
  })
})
