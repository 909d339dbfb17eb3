import { describe, expect, it } from "vitest"
import { checkForm } from "../src/checks/unusualIds.ts"

const build = (text: string) => ({ url: new URL(`https://api.vendor.example/${text}/1`), headers: {} })
const checkText = (text: string, pathText: string | undefined) => () =>
  checkForm(build, build("owner/app"), [text], { name: "param app", pathText })

describe("checkForm of a text that is a part of a path", () => {
  it.each(["a/b", "team/a/b", "a"])("accepts %s, which has a segment for each slash", (text) => {
    expect(checkText(text, "owner/app")).not.toThrow()
  })

  it.each(["a/../b", "..", "a?b", "a#b"])("rejects %s, which changes other parts of the URL", (text) => {
    expect(checkText(text, "owner/app")).toThrow(/changes the form of the request/)
  })

  it("rejects slashes of a text that is not a part of a path", () => {
    expect(checkText("team/a/b", undefined)).toThrow(/changes the form of the request/)
  })
})
