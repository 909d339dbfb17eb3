import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Schema from "effect/Schema"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import { embedFiles } from "../../src/provider/embedFiles.ts"
import { embedFile, isInputFile } from "../../src/provider/InputFile.ts"
import type { ProviderSpec } from "../../src/provider/ProviderSpec.ts"
import { configureAccount } from "../../src/provider/ProviderAccount.ts"
import { accepted } from "../../src/provider/SubmitOutcome.ts"
import { prepareSubmit } from "../../src/submit/prepareSubmit.ts"
import type { SubmitInput } from "../../src/submit/SubmitInput.ts"
import { acme } from "../support/acme.ts"
import { png } from "../support/mediaFiles.ts"

const Media = Schema.Union([Schema.String, Schema.Unknown.check(Schema.makeFilter(isInputFile))])

const Input = Schema.Struct({
  prompt: Schema.String,
  ratio: Schema.optional(Schema.Literals(["1:1", "16:9"])),
  images: Schema.optional(Schema.Array(Media)),
  mask: Schema.optional(Schema.Unknown)
})

const spec: ProviderSpec = {
  ...acme,
  submit: {
    models: {
      "acme-1": {
        mediaKind: "image",
        supportedInputs: ["prompt", "images", "aspectRatio"],
        names: { prompt: "prompt", images: "images", aspectRatio: { name: "ratio", as: "single" } },
        input: Schema.toStandardSchemaV1(Input, {
          parseOptions: { onExcessProperty: "error", errors: "all" }
        })
      }
    },
    supportedInputs: () => ["prompt", "images"],
    toInput: ({ prompt, images, aspectRatio }) => {
      if (aspectRatio === "4:3") throw new Error("Acme cannot make 4:3")
      return { prompt, images, ratio: aspectRatio }
    },
    request: ({ model, input }) => ({
      method: "POST",
      path: `/models/${encodeURIComponent(model)}`,
      body: input
    }),
    response: acme.query.response,
    decode: () => accepted({ id: "1" })
  },
  upload: {
    request: (file) => ({ method: "POST", path: "/files", multipart: [{ name: "file", file }] }),
    response: acme.query.response,
    decode: () => ({ _tag: "Uploaded", reference: "https://files.acme.example/1" }),
    maxBytes: 20_000,
    mediaTypes: ["image/*"]
  }
}

const linksOnly: ProviderSpec = { ...spec, upload: undefined }

const accountOf = (own: ProviderSpec) =>
  resolveAccount(configureAccount(own, { apiKey: "sk-test-0123456789" }))

const prepare = (request: Omit<SubmitInput, "account" | "model"> & { readonly model?: string }, own = spec) =>
  prepareSubmit(accountOf(own), { account: "acme", model: "acme-1", ...request })

const problemsOf = async (...args: Parameters<typeof prepare>): Promise<ReadonlyArray<string>> => {
  const error: unknown = await prepare(...args).catch((thrown: unknown) => thrown)
  const { reason } = error as {
    readonly reason: { readonly problems: ReadonlyArray<{ path: string; message: string }> }
  }
  return reason.problems.map(({ path, message }) => `${path}: ${message}`)
}

describe("prepareSubmit", () => {
  let folder = ""
  let image = ""
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gentask-prepare-"))
    image = join(folder, "fox.png")
    await writeFile(image, png)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it("translates common inputs, and lets the vendor's own input override them", async () => {
    const prepared = await prepare({ prompt: "A fox", aspectRatio: "1:1", input: { ratio: "16:9" } })
    expect(prepared.input).toEqual({ prompt: "A fox", ratio: "16:9" })
    expect(prepared.prompt).toBe("A fox")
  })

  it("opens paths, bytes and streams, and detects their media types", async () => {
    const stream = (async function* () {
      yield png
    })()
    const { files, uploads } = await prepare({
      prompt: "A fox",
      images: [{ path: image }, png, { stream, size: png.length, name: "b.png" }, "https://cdn.example/a.png"]
    })
    expect([...files.values()].map(({ file }) => [file.name, file.mediaType, file.size])).toEqual([
      ["fox.png", "image/png", png.length],
      ["file-2.png", "image/png", png.length],
      ["b.png", "image/png", png.length]
    ])
    expect(uploads.map(({ path }) => path)).toEqual(["images.0", "images.1", "images.2"])
  })

  it("opens data: URLs as the files that they contain", async () => {
    const base64 = png.toString("base64")
    const { files } = await prepare({
      prompt: "A fox",
      images: [
        `data:image/png;base64,${base64}`,
        `DATA:image/x-other;name=a.png;base64,${base64.slice(0, 8)}\n${base64.slice(8)}\n`
      ]
    })
    expect(await Promise.all([...files.values()].map(({ blob }) => blob.bytes()))).toEqual([
      new Uint8Array(png),
      new Uint8Array(png)
    ])
    expect([...files.values()].map(({ file }) => file.mediaType)).toEqual(["image/png", "image/png"])
  })

  it("reads a URL object like its text", async () => {
    const base64 = png.toString("base64")
    const { files } = await prepare({ prompt: "A fox", images: [new URL(`data:image/png;base64,${base64}`)] })
    expect(await Promise.all([...files.values()].map(({ blob }) => blob.bytes()))).toEqual([
      new Uint8Array(png)
    ])
    expect(await problemsOf({ prompt: "A fox", images: [new URL("file:///fox.png")] })).toEqual([
      expect.stringContaining('Vendors cannot read "file:///fox.png"')
    ])
  })

  it.each([
    ["a path that is too long", { path: "a".repeat(100_000) }],
    ["base64 without a data: URL", png.toString("base64").padEnd(100_000, "A")],
    ["a link to a local file", `file:///${"a".repeat(100_000)}`],
    ["an invalid link", `https://${"a".repeat(100_000)}:port`],
    // A pattern that backtracks would need minutes.
    ["a data: URL with many spaces", `data:image/png;base64,A${" ".repeat(200_000)}!`]
  ])("quotes only the beginning of %s", async (_, media) => {
    const [problem = ""] = await problemsOf({ prompt: "A fox", images: [media] })
    const text = typeof media === "string" ? media : media.path
    expect(problem).toContain(text.slice(0, 20))
    expect(problem.length).toBeLessThan(400)
  })

  it.each([
    ["data:image/png;base64,###", "is not a data: URL with a media type and base64"],
    ["data:image/png;base64,", "is not a data: URL with a media type and base64"],
    ["data:image/png;base64,  ", "is not a data: URL with a media type and base64"],
    ["data:image/png,abc", "is not a data: URL with a media type and base64"],
    ["data:;base64,AAAA", "is not a data: URL with a media type and base64"],
    [`data:image/png;base64,${"A".repeat(1000)}!`, "is not a data: URL with a media type and base64"],
    ["data:text/plain;base64,QUJD", "expected an image, but file-1 is text/plain"]
  ])("rejects %s", async (url, message) => {
    const [problem = ""] = await problemsOf({ prompt: "A fox", images: [url] })
    expect(problem).toContain(message)
    expect(problem.length).toBeLessThan(200)
  })

  it("gives equal inputs the same digest, whatever the name of a file and the order of members", async () => {
    const one = await prepare({
      prompt: "A fox",
      images: [{ path: image }],
      input: { ratio: "1:1", mask: { a: 1, b: 2 } }
    })
    const two = await prepare({
      images: [png],
      prompt: "A fox",
      input: { mask: { b: 2, a: 1 }, ratio: "1:1" }
    })
    const other = await prepare({ prompt: "A fox!", images: [png], input: { ratio: "1:1" } })
    expect(one.digest).toBe(two.digest)
    expect(one.digest).not.toBe(other.digest)
  })

  it.each([
    [{ url: "hooks.example.com" }],
    [{ url: "ftp://hooks.example.com" }],
    [{}],
    [null],
    ["https://hooks.example.com"]
  ])("reports the webhook %j", async (webhook) => {
    expect(await problemsOf({ prompt: "A fox", webhook: webhook as never })).toEqual([
      "webhook: expected { url } with the https URL of your server"
    ])
  })

  it("passes the input of unknown models on", async () => {
    const { input } = await prepare({ model: "acme-2", prompt: "A fox", input: { anything: [1] } })
    expect(input).toEqual({ prompt: "A fox", anything: [1] })
  })

  it.each<readonly [object, string]>([
    [{ prompt: null }, "prompt: expected text"],
    [{ prompt: 5 }, "prompt: expected text"],
    [{ images: "https://files.example/1.png" }, "images: expected a list"],
    [{ duration: Number.NaN }, "duration: expected a finite number"],
    [{ seed: "7" }, "seed: expected a finite number"],
    [{ count: Number.POSITIVE_INFINITY }, "count: expected a finite number"],
    [{ input: { steps: Number.NaN } }, "input.steps: expected a JSON value, received NaN"],
    [{ input: { sizes: [1, 2n] } }, "input.sizes.1: expected a JSON value, received 2"],
    [{ input: [1] }, "input: expected an object"],
    [{ input: "ratio=1:1" }, "input: expected an object"]
  ])(
    "rejects %o also for a model without a schema, which would send another value",
    async (request, problem) => {
      expect(await problemsOf({ model: "acme-9", ...request })).toContain(problem)
    }
  )

  it("reads an input with the member path as an object, and not as a file", async () => {
    const { input } = await prepare({ model: "acme-9", input: { path: "/missing.png" } })
    expect(input).toEqual({ path: "/missing.png" })
  })

  it("gives each problem a code", async () => {
    await expect(prepare({ seed: 1, prompt: "A fox", images: ["fox.png"] })).rejects.toMatchObject({
      reason: {
        problems: [
          { path: "images.0", code: "invalid" },
          { path: "seed", code: "unsupported", supported: ["prompt", "images", "aspectRatio"] }
        ]
      }
    })
    await expect(prepare({})).rejects.toMatchObject({
      reason: { problems: [{ path: "prompt", code: "missing" }] }
    })
  })

  it("reports all problems at once", async () => {
    expect(
      await problemsOf({
        prompt: "A fox",
        seed: 1,
        duration: 5,
        images: [{ path: join(folder, "missing.png") }, "fox.png", { path: folder }]
      })
    ).toEqual([
      `images.0: there is no file ${join(folder, "missing.png")}`,
      'images.1: "fox.png" is not a URL. For a file on this machine, use { path: "fox.png" }',
      `images.2: ${folder} is not a file`,
      "duration: This model does not support it. It supports prompt, images, aspectRatio",
      "seed: This model does not support it. It supports prompt, images, aspectRatio"
    ])
  })

  it("reports invalid fields together with files that cannot be read", async () => {
    const images = [{ path: join(folder, "missing.png") }]
    expect(await problemsOf({ images, prompt: "A fox", input: { ratio: "5:4", rato: "1:1" } })).toEqual([
      `images.0: there is no file ${join(folder, "missing.png")}`,
      expect.stringMatching(/^rato: /),
      expect.stringMatching(/^ratio: /)
    ])
  })

  it.each<[string, Parameters<typeof prepare>[0], RegExp]>([
    ["an invalid value", { prompt: "A fox", input: { ratio: "5:4" } }, /^ratio: /],
    ["a missing field", {}, /^prompt: /],
    ["an unknown field", { prompt: "A fox", input: { rato: "1:1" } }, /^rato: /],
    ["what the vendor cannot do", { prompt: "A fox", aspectRatio: "4:3" }, /^: Acme cannot make 4:3$/],
    ["an empty file", { prompt: "A fox", images: [new Uint8Array()] }, /^images\.0: the file is empty$/],
    [
      "a file of another kind",
      { prompt: "A", images: [new Blob(["text"])] },
      /^images\.0: expected an image, but file-1 is application\/octet-stream$/
    ],
    [
      "an object that is no media",
      { prompt: "A", images: [{ pth: "a" } as never] },
      /^images\.0: expected a URL/
    ],
    ["a blank model", { model: " ", prompt: "A" }, /^model: The name of the model is missing$/]
  ])("rejects %s", async (_, request, expected) => {
    expect((await problemsOf(request)).join("\n")).toMatch(expected)
  })

  it("names the common input that sets an invalid field of another name", async () => {
    const failure = await prepare({ aspectRatio: "5:4" }).catch((error: unknown) => String(error))
    expect(failure).toContain("prompt: This field is required.")
    expect(failure).toContain("ratio (aspectRatio): ")
  })

  it("says which inputs it can translate for a model that the provider does not know", async () => {
    expect(await problemsOf({ model: "x", prompt: "A fox", aspectRatio: "1:1" })).toEqual([
      "aspectRatio: The provider does not know this model and its field for this input. Set the field in input (gentask: -i KEY=VALUE). Inputs that it translates: prompt, images"
    ])
  })

  it("rejects files above the documented size before anything is sent", async () => {
    const large = Buffer.concat([png, Buffer.alloc(5000)])
    expect(await problemsOf({ prompt: "A fox", images: [large] })).toEqual([
      `images.0: file-1.png has ${large.length} bytes, and the limit is 20000`
    ])
  })

  it("uploads nothing if the endpoint has no upload and the request embeds the files", async () => {
    const submit: ProviderSpec["submit"] = {
      ...spec.submit!,
      request: ({ input }) => ({ method: "POST", path: "/", body: embedFiles(input) })
    }
    const upload: ProviderSpec["upload"] = { ...spec.upload!, request: () => undefined }
    const { uploads, files } = await prepare({ model: "x", images: [png] }, { ...spec, submit, upload })
    expect(uploads).toEqual([])
    expect(files.size).toBe(1)
  })

  it("rejects files where the vendor accepts links only, and permits embedded ones", async () => {
    expect(await problemsOf({ prompt: "A fox", images: [png] }, linksOnly)).toEqual([
      "images.0: Acme accepts links only here. Upload file-1.png elsewhere, and give its URL"
    ])
    const submit = {
      ...spec.submit,
      models: {},
      toInput: ({ images }: { readonly images?: ReadonlyArray<unknown> }) => ({
        data: images?.filter(isInputFile).map((file) => embedFile(file))
      })
    } as ProviderSpec["submit"]
    const { uploads } = await prepare({ model: "x", images: [png] }, { ...linksOnly, submit })
    expect(uploads).toEqual([])
  })

  it("does not read files through strings", async () => {
    expect(await problemsOf({ prompt: "A fox", images: [image] })).toEqual([
      `images.0: ${JSON.stringify(image)} is not a URL. For a file on this machine, use { path: ${JSON.stringify(image)} }`
    ])
  })

  it("rejects providers that cannot submit", async () => {
    await expect(prepare({ prompt: "A fox" }, acme)).rejects.toMatchObject({
      reason: { _tag: "UnsupportedOperation", operation: "submit" }
    })
  })
})
