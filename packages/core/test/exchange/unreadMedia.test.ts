import { describe, expect, it } from "vitest"
import { unreadMediaWarnings } from "../../src/exchange/unreadMedia.ts"

const listed = (...paths: ReadonlyArray<string>) => [
  `Members of the response that may contain media were not read: ${paths.join(", ")}.`
]

describe("unreadMediaWarnings", () => {
  it.each([
    [{ data: { audioUrl: "https://a.example/1" } }, ["data.audioUrl"]],
    [{ files: [{ at: " `https://a.example/1` " }, { at: "b/1.mp4?x=1" }] }, ["files.0.at", "files.1.at"]],
    [{ data: { picture: "data:image/png;base64,AAAA" } }, ["data.picture"]],
    [{ b64_json: "AAAA" }, ["b64_json"]],
    [{ urls: { get: "https://a.example/1.png" } }, ["urls.get"]],
    [{ resp_data: '{"x":["https://a.example/1"]}' }, ["resp_data.x.0"]]
  ])("lists members that look like media: %j", (body, paths) => {
    expect(unreadMediaWarnings(body)).toEqual(listed(...paths))
  })

  it("lists five members at most", () => {
    const body = { files: Array.from({ length: 7 }, (_, index) => `https://a.example/${index}`) }
    expect(unreadMediaWarnings(body)).toEqual(
      listed("files.0", "files.1", "files.2", "files.3", "files.4 and 2 more")
    )
  })

  it.each([
    [{ status: "done", filename: "1.mp4", id: "1.5", progress: 100, url: "", b64_json: "" }],
    [
      {
        input: { images: ["https://a.example/1.png"] },
        prompt: "a nude statue",
        callBackUrl: "https://a.example"
      }
    ],
    [
      {
        param: '{"input":{"image_url":"https://a.example/1.png"}}',
        reference_image: "https://a.example/1.png"
      }
    ],
    [{ urls: { get: "https://a.example/1", cancel: "https://a.example/1/cancel" } }],
    [{ status_url: "https://a.example/1/status", polling_url: "https://a.example/1" }],
    [null],
    ["done"]
  ])("is silent about the input and about other members: %j", (body) => {
    expect(unreadMediaWarnings(body)).toEqual([])
  })

  it("quotes a sentence about blocked content", () => {
    const body = { response: { raiMediaFilteredReasons: ["blocked by\nResponsible AI"] } }
    expect(unreadMediaWarnings(body)).toEqual([
      'The response mentions blocked content at response.raiMediaFilteredReasons.0: "blocked by Responsible AI".'
    ])
    const [warning] = unreadMediaWarnings({ note: `The content policy ${"x".repeat(500)}` })
    expect(warning).toBe(
      `The response mentions blocked content at note: "The content policy ${"x".repeat(101)}…".`
    )
  })

  it.each(["error", "fail_reason", "failMsg", "errorMessage", "error.message"])(
    "quotes the error of a success without outputs: %s",
    (path) => {
      const body = path.split(".").reduceRight<unknown>((value, name) => ({ [name]: value }), "No file made")
      expect(unreadMediaWarnings(body)).toEqual([
        `The response mentions an error at ${path}: "No file made".`
      ])
    }
  )

  it("reads values that are nested deeply or have many members", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(1500)}"https://a.example/1"${"}".repeat(1500)}`) as unknown
    expect(unreadMediaWarnings(deep)).toHaveLength(1)
    expect(unreadMediaWarnings(Array.from({ length: 100_000 }, () => "x"))).toEqual([])
  })
})
