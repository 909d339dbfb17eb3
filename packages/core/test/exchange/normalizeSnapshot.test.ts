import { describe, expect, it } from "vitest"
import { normalizeSnapshot } from "../../src/exchange/normalizeSnapshot.ts"
import type { OutputDraft, SnapshotDraft } from "../../src/provider/SnapshotDraft.ts"

const context = {
  ref: "acme:1",
  provider: "acme",
  account: "acme",
  id: "1",
  baseUrl: new URL("https://api.acme.example/v1"),
  resultLifetime: { image: 3_600_000 }
}

const running = (draft: Partial<SnapshotDraft>) => normalizeSnapshot({ status: "running", ...draft }, context)
const failed = (draft: Partial<SnapshotDraft>) => normalizeSnapshot({ status: "failed", ...draft }, context)
const succeeded = (draft: Partial<SnapshotDraft>) =>
  normalizeSnapshot({ status: "succeeded", ...draft }, context)
const withOutputs = (...outputs: ReadonlyArray<OutputDraft>) => succeeded({ outputs })
const image = {
  kind: "image",
  role: "result",
  inline: null,
  mediaType: null,
  width: null,
  height: null
} as const

describe("dates", () => {
  it.each([
    ["seconds", 1_759_763_631, "2025-10-06T15:13:51.000Z"],
    ["seconds with a fraction", 1_759_763_631.222531, "2025-10-06T15:13:51.223Z"],
    ["milliseconds", 1_759_763_631_222, "2025-10-06T15:13:51.222Z"],
    ["seconds as text", "1759763631", "2025-10-06T15:13:51.000Z"],
    ["ISO 8601 in its basic format", "20251006T151026Z", "2025-10-06T15:10:26.000Z"],
    ["ISO 8601", "2025-10-06T15:10:26.875729Z", "2025-10-06T15:10:26.875Z"],
    ["a Date", new Date("2025-10-06T15:10:26Z"), "2025-10-06T15:10:26.000Z"]
  ])("are read from %s", (_, createdAt, expected) => {
    const snapshot = running({ createdAt })
    expect({ createdAt: snapshot.createdAt?.toISOString(), warnings: snapshot.warnings }).toEqual({
      createdAt: expected,
      warnings: []
    })
  })

  it.each([
    ["2025-10-06T15:10:26", "2025-10-06T15:10:26.000Z"],
    ["2025-10-06 15:10:26.5", "2025-10-06T15:10:26.500Z"],
    [" 2025-10-06 15:10 ", "2025-10-06T15:10:00.000Z"]
  ])("are read as UTC if they have no time zone, with a warning: %s", (createdAt, expected) => {
    const snapshot = running({ createdAt })
    expect({ createdAt: snapshot.createdAt?.toISOString(), warnings: snapshot.warnings }).toEqual({
      createdAt: expected,
      warnings: ["createdAt has no time zone. UTC was assumed."]
    })
  })

  it.each([0, "0", "", null, undefined])(
    "are null without a warning if they are missing: %j",
    (createdAt) => {
      expect(running({ createdAt })).toMatchObject({ createdAt: null, warnings: [] })
    }
  )

  it.each([-5, 12, 9e15, "soon", "1e400", Number.NaN, new Date(Number.NaN)])(
    "are ignored with a warning if they are invalid: %s",
    (updatedAt) => {
      expect(running({ updatedAt })).toMatchObject({
        updatedAt: null,
        warnings: [`Ignored updatedAt: "${String(updatedAt)}" is not a valid date.`]
      })
    }
  )

  it("of completion are null unless the status is terminal", () => {
    const completedAt = 1_759_763_631
    expect(running({ completedAt }).completedAt).toBeNull()
    expect(failed({ completedAt }).completedAt).toEqual(new Date(1_759_763_631_000))
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
  ])("of %s is normalized to %s", (progress, expected) => {
    expect(running({ progress }).progress).toBe(expected)
  })

  it("is null if the task failed, and kept if it succeeded", () => {
    expect(failed({ progress: 1 }).progress).toBeNull()
    expect(succeeded({ progress: 1 }).progress).toBe(1)
  })
})

describe("outputs", () => {
  it("have absolute links, which expire at the date in the link, else after the documented lifetime", () => {
    const { outputs } = succeeded({
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

  it("have links below the base URL if they start with a dot", () => {
    const draft = { status: "succeeded", outputs: [{ kind: "image", url: "./view?filename=1.png" }] } as const
    for (const base of ["https://api.acme.example/studio", "https://api.acme.example/studio/"]) {
      const [output] = normalizeSnapshot(draft, { ...context, baseUrl: new URL(base) }).outputs
      expect(output?.url).toBe("https://api.acme.example/studio/view?filename=1.png")
    }
  })

  it("expire at the date that the vendor reports, even if the link contains another one", () => {
    const [output] = withOutputs({
      kind: "image",
      url: "https://x.example/?Expires=1760281461",
      expiresAt: 1_760_000_000
    }).outputs
    expect(output?.expiresAt).toEqual(new Date(1_760_000_000_000))
  })

  it("expire after the lifetime that the vendor reports, counted from the response", () => {
    const at = 1_760_000_000_000
    const expiresAt = (draft: Partial<OutputDraft>) =>
      normalizeSnapshot(
        {
          status: "succeeded",
          completedAt: at - 60_000,
          outputs: [{ kind: "image", url: "https://x.example/", ...draft }]
        },
        { ...context, at }
      ).outputs[0]?.expiresAt
    expect(expiresAt({ expiresInMs: 3_600_000 })).toEqual(new Date(at + 3_600_000))
    expect(expiresAt({ expiresInMs: 3_600_000, url: "https://x.example/?Expires=1760281461" })).toEqual(
      new Date(1_760_281_461_000)
    )
    for (const expiresInMs of [0, -1, Number.NaN, null])
      expect(expiresAt({ expiresInMs })).toEqual(expiresAt({}))
  })

  it.each([
    " https://x.example/a.png ",
    "`https://x.example/a.png`",
    " `https://x.example/a.png` ",
    '"https://x.example/a.png"',
    "<https://x.example/a.png>"
  ])("have links without the characters that relays wrap around them: %s", (url) => {
    expect(withOutputs({ kind: "image", url }).outputs.map(({ url }) => url)).toEqual([
      "https://x.example/a.png"
    ])
  })

  it.each([
    ["javascript:alert(1)", "javascript:alert(1)"],
    ["ftp://x.example/a", "ftp://x.example/a"],
    ["https://u:p@x.example/a", "https://…@x.example/a"],
    ["http://", "http://"],
    [" ``` ", "```"],
    ["seedance/video/1.mp4", "seedance/video/1.mp4"],
    [`x:${"a".repeat(100)}`, `x:${"a".repeat(78)}`]
  ])("are ignored with a warning if their link is invalid: %s", (url, shown) => {
    expect(withOutputs({ kind: "image", url })).toMatchObject({
      outputs: [],
      warnings: [
        `Ignored the link of a result image: "${shown}" is not an http or https URL.`,
        "The task succeeded, but the response contains no usable output."
      ]
    })
  })

  it("contain inline media and its size, with or without a data: prefix in the draft", () => {
    const base64 = Buffer.from("hello").toString("base64")
    const { outputs } = withOutputs(
      { kind: "image", base64 },
      { kind: "image", role: "thumbnail", base64: `data:image/png;base64,${base64}` }
    )
    expect(outputs).toEqual([
      { ...image, url: null, inline: { base64, bytes: 5 }, expiresAt: null },
      { ...image, role: "thumbnail", url: null, inline: { base64, bytes: 5 }, expiresAt: null }
    ])
  })

  it("contain inline media whose link is a data: URI, with its media type", () => {
    const { outputs, warnings } = withOutputs(
      { kind: "image", url: " data:IMAGE/png;base64,aGVsbG8= " },
      { kind: "image", role: "preview", url: "data:;base64,aGVsbG8=", mediaType: "image/gif" },
      { kind: "image", url: "data:text/plain,hello" }
    )
    const inline = { base64: "aGVsbG8=", bytes: 5 }
    expect(outputs).toEqual([
      { ...image, url: null, inline, mediaType: "image/png", expiresAt: null },
      { ...image, role: "preview", url: null, inline, mediaType: "image/gif", expiresAt: null }
    ])
    expect(warnings).toEqual(["Ignored the inline media of a result image: it is not valid base64."])
  })

  it("are ignored with a warning if their inline media is not valid base64", () => {
    expect(withOutputs({ kind: "image", base64: "not base64!" })).toMatchObject({
      outputs: [],
      warnings: ["Ignored the inline media of a result image: it is not valid base64.", expect.any(String)]
    })
  })

  it("have no duplicates, and none without a link or media", () => {
    const url = "https://x.example/a.png"
    const { outputs, warnings } = withOutputs(
      { kind: "image", url },
      { kind: "image", url },
      { kind: "image", url: " " },
      { kind: "image", url: null },
      { kind: "image" }
    )
    expect({ count: outputs.length, warnings }).toEqual({ count: 1, warnings: [] })
  })

  it("may be missing without a warning while the task is running", () => {
    expect(running({}).warnings).toEqual([])
  })
})

describe("successes", () => {
  it("have a warning if they have only a thumbnail or a preview", () => {
    const url = "https://cdn.acme.example/1"
    expect(withOutputs({ kind: "image", role: "thumbnail", url }).warnings).toEqual([
      "The task succeeded, but the response contains only a thumbnail or a preview."
    ])
    expect(withOutputs({ kind: "video", role: "watermarked", url }).warnings).toEqual([])
  })
})

describe("failures", () => {
  it("have the reason that the vendor's word for the status names", () => {
    expect(failed({ rawStatus: "content_moderated" }).failure).toMatchObject({ reason: "moderation" })
    expect(failed({ rawStatus: "failed" }).failure).toMatchObject({ reason: "unknown" })
    const failure = { message: "Internal server error" }
    expect(failed({ rawStatus: "moderated", failure }).failure).toMatchObject({ reason: "upstream" })
  })

  const empty = { code: null, message: null, requestId: null, canResubmit: null }

  it("are null unless the task failed", () => {
    const failure = { message: "left over" }
    expect(running({ failure }).failure).toBeNull()
    expect(succeeded({ failure }).failure).toBeNull()
  })

  it("have a default reason that depends on the status", () => {
    expect(failed({}).failure).toEqual({ ...empty, reason: "unknown" })
    expect(normalizeSnapshot({ status: "canceled" }, context).failure).toEqual({
      ...empty,
      reason: "canceled"
    })
    expect(normalizeSnapshot({ status: "expired" }, context).failure).toEqual({ ...empty, reason: "timeout" })
  })

  it.each([
    [{ code: "content_policy_violation" }, "moderation", false],
    [{ message: "the output video may contain sensitive information" }, "moderation", null],
    [{ reason: "unknown", message: "Internal Error" }, "upstream", null],
    [{ message: "Task failed" }, "unknown", null],
    [{ reason: "invalid-input", message: "Content policy violation" }, "invalid-input", null],
    [{ code: "content_policy_violation", canResubmit: true }, "moderation", true]
  ] as const)(
    "without a reason have the one that their code or message tells: %j",
    (failure, reason, canResubmit) => {
      expect(failed({ failure }).failure).toMatchObject({ reason, canResubmit })
    }
  )

  it("contain the vendor's code as text, its message and its request id", () => {
    const failure = {
      reason: "moderation",
      code: 50_413,
      message: "rejected",
      requestId: "request-1",
      canResubmit: false
    } as const
    expect(failed({ failure }).failure).toEqual({
      ...failure,
      code: "50413"
    })
  })
})

describe("warnings", () => {
  it("include those of the provider, without duplicates", () => {
    expect(running({ warnings: ["a", "b", "a"] }).warnings).toEqual(["a", "b"])
  })
})

describe("the position in the queue", () => {
  it.each([
    [0, 0],
    [7, 7],
    [-1, null],
    [1.5, null],
    [Number.NaN, null],
    [null, null],
    [undefined, null]
  ])("is %s of %s", (queuePosition, expected) => {
    expect(running({ queuePosition }).queuePosition).toBe(expected)
    expect(succeeded({ queuePosition }).queuePosition).toBeNull()
  })
})

describe("the cost", () => {
  it.each([
    [
      { amount: 0.5, unit: "USD" },
      { amount: 0.5, unit: "USD" }
    ],
    [
      { amount: 0, unit: "credits" },
      { amount: 0, unit: "credits" }
    ],
    [{ amount: Number.POSITIVE_INFINITY, unit: "USD" }, null],
    [{ amount: 1, unit: "" }, null],
    [null, null],
    [undefined, null]
  ])("of %j is %j", (cost, expected) => {
    expect(succeeded({ cost }).cost).toEqual(expected)
  })
})

describe("a private link", () => {
  it("is private on the account's own host only", () => {
    const [own, other, usual] = withOutputs(
      { kind: "model", url: "/files/1.glb", isPrivate: true },
      { kind: "model", url: "https://cdn.example/2.glb", isPrivate: true },
      { kind: "model", url: "/files/3.glb" }
    ).outputs
    expect([own?.isPrivate, other?.isPrivate, usual?.isPrivate]).toEqual([true, undefined, undefined])
  })
})
