import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { JsonSchema } from "@gentask/core/internal/submit"
import { assert, describe, it } from "vitest"
import { formatType } from "../src/output/formatFields.ts"
import { convertText } from "../src/submit/convertValue.ts"
import { mediaSource } from "../src/submit/mediaSource.ts"
import { parseInputOptions } from "../src/submit/parseInputOptions.ts"
import { newFolder } from "./project.ts"

const image: JsonSchema = { type: "string", format: "uri", contentMediaType: "image/*" }

const schema: JsonSchema = {
  type: "object",
  properties: {
    prompt: { type: "string" },
    seconds: { type: "integer" },
    size: { type: "string", enum: ["1", "2"] },
    steps: { type: "number", enum: [10, 15] },
    hd: { type: "boolean" },
    either: { anyOf: [{ type: "number" }, { type: "null" }] },
    picture: image,
    pictures: { type: "array", items: image },
    numbers: { type: "array", items: { type: "number" } }
  }
}

const inputOf = async (...options: ReadonlyArray<string>): Promise<unknown> => {
  const { input, problems } = await parseInputOptions(options, schema)
  assert.deepStrictEqual(problems, [])
  return input
}

describe("--input", () => {
  it("keeps digits as typed where the field is a text, and converts them where it is a number", async () => {
    assert.deepStrictEqual(
      await inputOf("prompt=007", "seconds=5", "size=1", "steps=10", "hd=true", "either=null", "other=5"),
      { prompt: "007", seconds: 5, size: "1", steps: 10, hd: true, either: null, other: "5" }
    )
    assert.deepStrictEqual(await inputOf("either=1.5", "seconds=many"), { either: 1.5, seconds: "many" })
  })

  it("makes a list of repeated keys, and of one key where the field is a list", async () => {
    assert.deepStrictEqual(await inputOf("numbers=1", "tags=a", "tags=b"), { numbers: [1], tags: ["a", "b"] })
    assert.deepStrictEqual(await inputOf("numbers:=[1,2]", "numbers=3"), { numbers: [1, 2, 3] })
  })

  it("reads JSON after :=, and keeps = and : in values", async () => {
    assert.deepStrictEqual(await inputOf('a:={"b":[1]}', "c=d=e", "prompt=f:=g", "list:=[]"), {
      a: { b: [1] },
      c: "d=e",
      prompt: "f:=g",
      list: []
    })
  })

  it("reads media as paths and URLs, and other files as text", async () => {
    const file = join(newFolder(), "text.txt")
    await writeFile(file, "from a file")
    assert.deepStrictEqual(
      await inputOf(
        `prompt=@${file}`,
        "picture=@cat.png",
        "pictures=cat.png",
        "pictures=https://a.example/b"
      ),
      {
        prompt: "from a file",
        picture: { path: "cat.png" },
        pictures: [{ path: "cat.png" }, "https://a.example/b"]
      }
    )
  })

  it("reports every invalid option", async () => {
    const { problems } = await parseInputOptions(["nonsense", "a:={", "b=@/nowhere", "=x"], schema)
    assert.deepStrictEqual(
      problems.map(({ path }) => path),
      ["nonsense", "a", "b", "=x"]
    )
  })
})

describe("media", () => {
  it.each([
    ["cat.png", { path: "cat.png" }],
    ["C:\\cat.png", { path: "C:\\cat.png" }],
    ["https://example.com/cat.png", "https://example.com/cat.png"],
    ["asset://1234", "asset://1234"],
    ["data:image/png;base64,AA==", "data:image/png;base64,AA=="]
  ])("%s is a file or a URL", (text, expected) => assert.deepStrictEqual(mediaSource(text), expected))
})

describe("the type of a field", () => {
  it.each<[JsonSchema, string]>([
    [{ type: "string", minLength: 1, maxLength: 800 }, "text 1..800"],
    [{ type: "integer", minimum: 5, maximum: 20 }, "integer 5..20"],
    [{ type: "integer", minimum: -9007199254740991, maximum: 9007199254740991 }, "integer"],
    [{ type: "number", enum: [10, 15] }, "10 | 15"],
    [{ type: "array", items: image, maxItems: 3 }, "list of image/* (FILE or URL) ..3"],
    [{ anyOf: [{ type: "string" }, { type: "number" }] }, "text | number"],
    [{}, "any"]
  ])("%j is %s", (field, text) => assert.strictEqual(formatType(field), text))

  it("does not change how text is converted", () => {
    assert.strictEqual(convertText("5", { anyOf: [{ type: "string" }, { type: "number" }] }), "5")
  })
})
