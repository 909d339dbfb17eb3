import { expect, it } from "vitest"
import { decodeText } from "../../src/http/decodeText.ts"

const hex = (text: string): Buffer => Buffer.from(text, "hex")
const json = "application/json"

it.each<[string, Buffer, string | undefined]>([
  ["UTF-8", Buffer.from('{"a":"é水"}'), undefined],
  ["UTF-8", Buffer.from('{"a":"é水"}'), json],
  ["UTF-8", Buffer.from('{"a":"é水"}'), `${json}; charset=utf-8`],
  ["UTF-8", Buffer.from('{"a":"é水"}'), `${json};charset="UTF8"`],
  ["UTF-8 with a byte order mark", Buffer.from('\uFEFF{"a":"é水"}'), json],
  ["UTF-16LE with a byte order mark", Buffer.from('\uFEFF{"a":"é水"}', "utf16le"), json],
  ["UTF-16BE with a byte order mark", Buffer.from('\uFEFF{"a":"é水"}', "utf16le").swap16(), json],
  ["UTF-16LE without one", Buffer.from('{"a":"é水"}', "utf16le"), `${json}; charset=utf-16le`],
  // A byte order mark has precedence over a charset.
  ["UTF-8 with another charset", Buffer.from('\uFEFF{"a":"é水"}'), `${json}; charset=gbk`],
  ["UTF-8 with an unknown charset", Buffer.from('{"a":"é水"}'), `${json}; charset=klingon`],
  ["UTF-8 with an empty charset", Buffer.from('{"a":"é水"}'), `${json}; charset=""`],
  // Servers declare ISO-8859-1 by default.
  ["UTF-8 that is declared as ISO-8859-1", Buffer.from('{"a":"é水"}'), `${json}; charset=ISO-8859-1`]
])("decodes %s", (_, body, contentType) => {
  expect(decodeText(body, contentType)).toBe('{"a":"é水"}')
})

it.each([
  ["gbk", "d6d0cec4", "中文"],
  ["GB2312", "d6d0cec4", "中文"],
  ["gb18030", "d6d0cec4", "中文"],
  ["big5", "a4a4a4e5", "中文"],
  ["Shift_JIS", "93fa967b", "日本"],
  ["euc-kr", "c7d1b1db", "한글"],
  ["iso-8859-1", "e9", "é"],
  ["latin1", "e9", "é"],
  ["windows-1251", "e9", "й"]
])("decodes the charset %s", (charset, bytes, text) => {
  expect(decodeText(hex(bytes), `text/plain; Charset=${charset}`)).toBe(text)
})

it("replaces invalid bytes", () => {
  expect(decodeText(hex("61ff"), undefined)).toBe("a\uFFFD")
})

it("decodes an empty body", () => {
  expect(decodeText(Buffer.alloc(0), `${json}; charset=gbk`)).toBe("")
})
