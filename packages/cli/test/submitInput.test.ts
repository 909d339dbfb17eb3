import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { assert, describe, it } from "vitest"
import { onlyJsonOf } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { image, picture, useSubmits } from "./submits.ts"

const { fixture, submit } = useSubmits()

const write = async (content: string | Uint8Array): Promise<string> => {
  const file = join(newFolder(), "input")
  await writeFile(file, content)
  return file
}

/** Runs a submit that must be refused before anything is sent, and returns the message. */
const refusal = async (args: ReadonlyArray<string>): Promise<string> => {
  const { status, stdout, stderr } = await submit(args)
  assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" }, stderr)
  assert.lengthOf(fixture.emulator.requests, 0)
  return stderr.replace(/^gentask: |\n$/g, "")
}

const invalid = "Invalid input for jimmy gpt-image-2. Nothing was sent."

describe("a file with the prompt or the input", () => {
  it("must be text in UTF-8", async () => {
    const file = await write(Uint8Array.of(0xff, 0xfe, 0x41))
    const reason = `cannot read ${JSON.stringify(file)}: it is not text in UTF-8`
    assert.strictEqual(
      await refusal(["jimmy", "gpt-image-2", "--prompt-file", file]),
      `Invalid --prompt-file: ${reason}. Nothing was sent.`
    )
    assert.strictEqual(
      await refusal(["jimmy", "gpt-image-2", "-i", `prompt=@${file}`]),
      `${invalid} prompt: ${reason}.`
    )
  })

  it("must not be binary", async () => {
    const file = await write("a\0b")
    assert.strictEqual(
      await refusal(["jimmy", "gpt-image-2", "--prompt-file", file]),
      `Invalid --prompt-file: cannot read ${JSON.stringify(file)}: it is a binary file. Nothing was sent.`
    )
  })

  it("must exist, and must not be a folder", async () => {
    const folder = newFolder()
    assert.strictEqual(
      await refusal([...image, "--input-json", folder]),
      `Invalid --input-json: cannot read ${JSON.stringify(folder)}: it is a folder. Nothing was sent.`
    )
    assert.strictEqual(
      await refusal(["jimmy", "gpt-image-2", "-i", "prompt=@gone.txt"]),
      `${invalid} prompt: cannot read "gone.txt": there is no such file.`
    )
  })

  it("may begin with a byte order mark", async () => {
    const prompt = await write("\uFEFFA fox\r\n")
    const json = await write('\uFEFF{ "quality": "low" }')
    const args = ["jimmy", "gpt-image-2", "--prompt-file", prompt, "--input-json", json, "--dry-run"]
    const { stdout } = await submit([...args, "--json"])
    assert.deepInclude(onlyJsonOf(stdout), {
      body: { model: "gpt-image-2", prompt: "A fox", quality: "low" }
    })
  })
})

describe("the input of a submit", () => {
  it("may have fields named path and message, which are validated as any other", async () => {
    const { stderr } = await submit([
      ...image,
      "--input-json",
      await write('{ "path": "x", "message": "y" }')
    ])
    assert.include(stderr, "path: Unknown field.")
    assert.include(stderr, "message: Unknown field.")
  })

  it("has no field that is dropped without a message", async () => {
    assert.strictEqual(await refusal([...image, "-i", "__proto__=3"]), `${invalid} __proto__: Unknown field.`)
  })

  it("reports an empty prompt once", async () => {
    assert.strictEqual(
      await refusal(["jimmy", "gpt-image-2", "-p", " "]),
      `${invalid} prompt: The prompt is empty.`
    )
  })

  it("names a required field", async () => {
    assert.strictEqual(await refusal(["jimmy", "gpt-image-2"]), `${invalid} prompt: This field is required.`)
  })

  it("has valid URLs", async () => {
    assert.strictEqual(
      await refusal([...image, "--image", "http://"]),
      `${invalid} images.0: "http://" is not a valid URL.`
    )
    const { href } = pathToFileURL(picture)
    assert.strictEqual(
      await refusal([...image, "--image", href]),
      `${invalid} images.0: Vendors cannot read ${JSON.stringify(href)}. Use an http or https URL, or the path of a file.`
    )
  })
})
