import { describe, expect, it } from "vitest"
import { normalizeSnapshot } from "../../src/exchange/normalizeSnapshot.ts"
import type { OutputDraft, SnapshotDraft } from "../../src/provider/SnapshotDraft.ts"

const subject = {
  ref: "acme:1",
  provider: "acme",
  account: "acme",
  id: "1",
  baseUrl: new URL("https://api.acme.example/v1"),
  resultLifetime: { image: 3_600_000 }
}

const read = (draft: Partial<SnapshotDraft>) => normalizeSnapshot({ status: "succeeded", ...draft }, subject)
const outputsOf = (...outputs: ReadonlyArray<OutputDraft>) => read({ outputs })
const image = {
  kind: "image",
  role: "result",
  inline: null,
  mediaType: null,
  width: null,
  height: null
} as const

describe("instants", () => {
  it.each([
    ["seconds", 1_759_763_631, "2025-10-06T15:13:51.000Z"],
    ["seconds with a fraction", 1_759_763_631.222531, "2025-10-06T15:13:51.223Z"],
    ["milliseconds", 1_759_763_631_222, "2025-10-06T15:13:51.222Z"],
    ["a text of seconds", "1759763631", "2025-10-06T15:13:51.000Z"],
    ["ISO 8601", "2025-10-06T15:10:26.875729Z", "2025-10-06T15:10:26.875Z"],
    ["a date", new Date("2025-10-06T15:10:26Z"), "2025-10-06T15:10:26.000Z"]
  ])("are read from %s", (_, createdAt, expected) => {
    const snapshot = read({ createdAt, outputs: [{ kind: "image", url: "https://x.example/" }] })
    expect({ createdAt: snapshot.createdAt?.toISOString(), warnings: snapshot.warnings }).toEqual({
      createdAt: expected,
      warnings: []
    })
  })

  it.each([
    ["2025-10-06T15:10:26", "2025-10-06T15:10:26.000Z"],
    ["2025-10-06 15:10:26.5", "2025-10-06T15:10:26.500Z"],
    [" 2025-10-06 15:10 ", "2025-10-06T15:10:00.000Z"]
  ])("without a time zone are UTC on every machine, and doubted: %s", (createdAt, expected) => {
    const snapshot = normalizeSnapshot({ status: "running", createdAt }, subject)
    expect({ createdAt: snapshot.createdAt?.toISOString(), warnings: snapshot.warnings }).toEqual({
      createdAt: expected,
      warnings: ["createdAt names no time zone, and is read as UTC."]
    })
  })

  it.each([0, "", null, undefined])("that are not there are null, without a warning: %j", (createdAt) => {
    const { createdAt: instant, warnings } = normalizeSnapshot({ status: "running", createdAt }, subject)
    expect({ instant, warnings }).toEqual({ instant: null, warnings: [] })
  })

  it.each([-5, 12, 9e15, "soon", "1e400", Number.NaN, new Date(Number.NaN)])(
    "that cannot be are dropped with a warning: %s",
    (updatedAt) => {
      const { updatedAt: instant, warnings } = normalizeSnapshot({ status: "running", updatedAt }, subject)
      expect(instant).toBeNull()
      expect(warnings).toEqual([`updatedAt was dropped: ${String(updatedAt)} is no possible instant.`])
    }
  )

  it("of the end are those of an end alone", () => {
    const completedAt = 1_759_763_631
    expect(normalizeSnapshot({ status: "running", completedAt }, subject).completedAt).toBeNull()
    expect(normalizeSnapshot({ status: "failed", completedAt }, subject).completedAt).toEqual(
      new Date(1_759_763_631_000)
    )
  })
})

describe("progress", () => {
  it.each([
    [0.5, 0.5],
    [-1, 0],
    [7, 1],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [null, null],
    [undefined, null]
  ])("%s becomes %s", (progress, expected) => {
    expect(normalizeSnapshot({ status: "running", progress }, subject).progress).toBe(expected)
  })

  it("is ignored where the task ended badly, and kept where it ended well", () => {
    expect(normalizeSnapshot({ status: "failed", progress: 1 }, subject).progress).toBeNull()
    expect(read({ progress: 1 }).progress).toBe(1)
  })
})

describe("outputs", () => {
  it("have absolute links, dated by the link itself, else by the documented lifetime", () => {
    const { outputs } = read({
      completedAt: "2025-10-06T15:00:00Z",
      outputs: [
        { kind: "image", url: "/files/1.png?Expires=1760281461" },
        { kind: "image", url: "https://cdn.example/2.png", width: 352, height: 640, mediaType: "image/png" },
        { kind: "video", role: "preview", url: "//cdn.example/3.mp4" }
      ]
    })
    expect(outputs).toEqual([
      {
        ...image,
        url: "https://api.acme.example/files/1.png?Expires=1760281461",
        expiresAt: new Date(1_760_281_461_000)
      },
      {
        ...image,
        url: "https://cdn.example/2.png",
        width: 352,
        height: 640,
        mediaType: "image/png",
        expiresAt: new Date("2025-10-06T16:00:00Z")
      },
      { ...image, kind: "video", role: "preview", url: "https://cdn.example/3.mp4", expiresAt: null }
    ])
  })

  it("are dated by the vendor's own word before all else", () => {
    const [output] = outputsOf({
      kind: "image",
      url: "https://x.example/?Expires=1760281461",
      expiresAt: 1_760_000_000
    }).outputs
    expect(output?.expiresAt).toEqual(new Date(1_760_000_000_000))
  })

  it("are dated from when they were told, where each answer makes the link anew", () => {
    const at = 1_760_000_000_000
    const read = (draft: Partial<OutputDraft>) =>
      normalizeSnapshot(
        {
          status: "succeeded",
          completedAt: at - 60_000,
          outputs: [{ kind: "image", url: "https://x.example/", ...draft }]
        },
        { ...subject, at }
      ).outputs[0]?.expiresAt
    expect(read({ expiresInMs: 3_600_000 })).toEqual(new Date(at + 3_600_000))
    expect(read({ expiresInMs: 3_600_000, url: "https://x.example/?Expires=1760281461" })).toEqual(
      new Date(1_760_281_461_000)
    )
    for (const expiresIn of [0, -1, Number.NaN, null])
      expect(read({ expiresInMs: expiresIn })).toEqual(read({}))
  })

  it.each([
    " https://x.example/a.png ",
    "`https://x.example/a.png`",
    " `https://x.example/a.png` ",
    '"https://x.example/a.png"',
    "<https://x.example/a.png>"
  ])("have links without what relays wrap around them: %s", (url) => {
    expect(outputsOf({ kind: "image", url }).outputs.map(({ url }) => url)).toEqual([
      "https://x.example/a.png"
    ])
  })

  it.each([
    "javascript:alert(1)",
    "data:image/png;base64,AAAA",
    "ftp://x.example/a",
    "https://u:p@x.example/a",
    "http://",
    "```"
  ])("lose what is no web link, with a warning: %s", (url) => {
    expect(outputsOf({ kind: "image", url })).toMatchObject({
      outputs: [],
      warnings: [
        "The link of a result image was dropped: it is no http or https link.",
        "The task succeeded, and the vendor's answer holds no usable output."
      ]
    })
  })

  it("hold inline media with its size, with or without a data prefix", () => {
    const base64 = Buffer.from("hello").toString("base64")
    const { outputs } = outputsOf(
      { kind: "image", base64 },
      { kind: "image", role: "thumbnail", base64: `data:image/png;base64,${base64}` }
    )
    expect(outputs).toEqual([
      { ...image, url: null, inline: { base64, bytes: 5 }, expiresAt: null },
      { ...image, role: "thumbnail", url: null, inline: { base64, bytes: 5 }, expiresAt: null }
    ])
  })

  it("lose inline media that is none, with a warning", () => {
    expect(outputsOf({ kind: "image", base64: "not base64!" })).toMatchObject({
      outputs: [],
      warnings: ["The inline media of a result image was dropped: it is no base64.", expect.any(String)]
    })
  })

  it("are told once, and blanks are none at all", () => {
    const url = "https://x.example/a.png"
    const { outputs, warnings } = outputsOf(
      { kind: "image", url },
      { kind: "image", url },
      { kind: "image", url: " " },
      { kind: "image", url: null },
      { kind: "image" }
    )
    expect({ count: outputs.length, warnings }).toEqual({ count: 1, warnings: [] })
  })

  it("of a task that goes on are not missed", () => {
    expect(normalizeSnapshot({ status: "running" }, subject).warnings).toEqual([])
  })
})

describe("failures", () => {
  const bare = { code: null, message: null, requestId: null, canResubmit: null }

  it("are told of a bad end alone", () => {
    const failure = { message: "left over" }
    expect(normalizeSnapshot({ status: "running", failure }, subject).failure).toBeNull()
    expect(read({ failure }).failure).toBeNull()
  })

  it("have a reason even where the vendor gives none", () => {
    expect(normalizeSnapshot({ status: "failed" }, subject).failure).toEqual({ ...bare, reason: "unknown" })
    expect(normalizeSnapshot({ status: "canceled" }, subject).failure).toEqual({
      ...bare,
      reason: "canceled"
    })
    expect(normalizeSnapshot({ status: "expired" }, subject).failure).toEqual({ ...bare, reason: "timeout" })
  })

  it("keep the vendor's code as text, its words and its request id", () => {
    const failure = {
      reason: "moderation",
      code: 50_413,
      message: "no",
      requestId: "r",
      canResubmit: false
    } as const
    expect(normalizeSnapshot({ status: "failed", failure }, subject).failure).toEqual({
      ...failure,
      code: "50413"
    })
  })
})

describe("warnings", () => {
  it("begin with the provider's own, and none is told twice", () => {
    expect(normalizeSnapshot({ status: "running", warnings: ["a", "b", "a"] }, subject).warnings).toEqual([
      "a",
      "b"
    ])
  })
})
