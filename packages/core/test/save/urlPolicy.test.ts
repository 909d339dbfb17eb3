import { describe, expect, it } from "vitest"
import { refusal, withoutSignature } from "../../src/save/download/urlPolicy.ts"
import { isPublic } from "../../src/http/ip.ts"

describe("where a vendor's link may lead", () => {
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
    "http://[2002:0a00:0001::]/"
  ])("not to %s, whoever asks", (link) => {
    expect(refusal(new URL(link), false)).toMatch(/private address/)
    expect(refusal(new URL(link), true)).toMatch(/private address/)
  })

  it.each([
    "http://127.0.0.1:8080/",
    "http://localhost/",
    "http://a.localhost./",
    "http://[::1]/",
    "http://2130706433/",
    "http://127.1/",
    "http://[::ffff:127.0.0.1]/"
  ])("to %s only when the account is on this machine", (link) => {
    expect(refusal(new URL(link), false)).toMatch(/this machine/)
    expect(refusal(new URL(link), true)).toBeUndefined()
  })

  it.each(["https://cdn.example/a.png", "http://93.184.216.34/a.png", "https://[2606:4700::1111]/a.png"])(
    "to %s",
    (link) => {
      expect(refusal(new URL(link), false)).toBeUndefined()
    }
  )

  it("not to what is no web address, nor with a password in it", () => {
    expect(refusal(new URL("file:///etc/passwd"), true)).toBe("file: is not a web address")
    for (const login of ["user:pass", "user", ":pass"]) {
      expect(refusal(new URL(`https://${login}@cdn.example/`), true)).toBe(
        "it holds a user name or a password"
      )
    }
  })

  it("judges the addresses that names lead to", () => {
    expect(["93.184.216.34", "2606:4700::1111"].map(isPublic)).toEqual([true, true])
    expect(
      ["127.0.0.1", "10.1.2.3", "::1", "fe80::1", "::ffff:192.168.0.1", "not an address"].map(isPublic)
    ).toEqual(Array.from({ length: 6 }, () => false))
  })
})

describe("a link in a manifest or a message", () => {
  it("has lost what signs it", () => {
    expect(withoutSignature("https://cdn.example/a/b.png?sig=secret&se=2030#x")).toBe(
      "https://cdn.example/a/b.png"
    )
    expect(withoutSignature("no link")).toBe("")
  })
})
