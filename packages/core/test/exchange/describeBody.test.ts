import { describe, expect, it } from "vitest"
import { describeBody } from "../../src/exchange/describeBody.ts"

const key = "sk-acme-secret"

describe("describeBody", () => {
  it.each([
    ["", "The response is empty"],
    [" \n", "The response is empty"],
    ["oops", 'The response is not JSON: "oops"'],
    ['{"status":', 'The response is not JSON: "{"status":"'],
    ["a\r\n\tb\u200B c", 'The response is not JSON: "a b c"'],
    ["<html><body>busy</body></html>", 'The response is a web page: "busy"'],
    [
      "\n<!doctype html><title>New API</title><script>x()</script><style>a{}</style><p>Hi",
      'The response is a web page: "New API Hi"'
    ],
    [
      '<br />\n<b>Warning</b>:  Undefined array key "x" in <b>/srv/Task.php</b>',
      'The response is a web page: "Warning : Undefined array key "x" in /srv/Task.php"'
    ],
    ["<html></html>", "The response is a web page"],
    ["\u001F\uFFFD\b\u0000", "The response is gzip data without a Content-Encoding header"],
    ["\uFFFDPNG\u0000", "The response is binary data, not JSON"]
  ])("describes %j", (text, description) => {
    expect(describeBody(text, "text/plain", key)).toBe(description)
  })

  it("recognizes a web page by its content type", () => {
    expect(describeBody("busy", "text/html; charset=utf-8", key)).toBe('The response is a web page: "busy"')
    expect(describeBody("busy", undefined, key)).toBe('The response is not JSON: "busy"')
  })

  it("quotes the first 200 characters", () => {
    expect(describeBody("x".repeat(500), undefined, key)).toBe(
      `The response is not JSON: "${"x".repeat(200)}…"`
    )
  })

  it("redacts the API key", () => {
    expect(describeBody(`invalid key ${key}`, undefined, key)).toBe(
      'The response is not JSON: "invalid key <secret>"'
    )
    expect(describeBody(`${"x".repeat(195)}${key}`, undefined, key)).not.toContain("sk-a")
  })
})
