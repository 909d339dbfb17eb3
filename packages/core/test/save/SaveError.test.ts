import { describe, expect, it } from "vitest"
import { SaveError } from "@gentask/core"
import type { SaveErrorReason } from "@gentask/core"
import { isGentaskError } from "../../src/task/GentaskError.ts"

const url = "https://cdn.example/a"

const cases: ReadonlyArray<readonly [SaveErrorReason, isRetryable: boolean, message: string]> = [
  [
    { _tag: "NotSucceeded", status: "running" },
    true,
    "the task is running, so there is nothing to save yet. Wait until it has succeeded."
  ],
  [
    { _tag: "NotSucceeded", status: "failed" },
    false,
    "the task ended with status failed, so there is nothing to save. Submit a new task."
  ],
  [
    { _tag: "NoOutput", roles: undefined },
    false,
    "the task succeeded, but the vendor's response contains no usable output. Query it with the raw option to see the response."
  ],
  [
    { _tag: "NoOutput", roles: ["result", "preview"] },
    false,
    "the task has no output with the requested roles (result, preview). Choose other roles."
  ],
  [
    { _tag: "UnsafeLink", url: "http://10.0.0.1/a", detail: "10.0.0.1 is a private address" },
    false,
    "refused to open http://10.0.0.1/a: 10.0.0.1 is a private address. Report the link to the vendor."
  ],
  [
    { _tag: "LinkExpired", url, httpStatus: 403 },
    true,
    "the link https://cdn.example/a has expired (HTTP 403), and the provider returned no working one. Save again later, or get the file from the vendor's site."
  ],
  [
    { _tag: "LinkForbidden", url, httpStatus: 401 },
    false,
    "the link https://cdn.example/a requires credentials (HTTP 401), which are sent only to the account's own host. Get the file from the vendor's site, or contact the vendor."
  ],
  [
    { _tag: "UnsupportedEncoding", url, encoding: "compress" },
    false,
    'https://cdn.example/a returned data with the content encoding "compress", which is not supported. Contact the vendor.'
  ],
  [
    { _tag: "Truncated", kind: "image" },
    false,
    "the inline image of the response is truncated. Query the task again, or contact the vendor."
  ],
  [
    { _tag: "MissingInlineMedia", kind: "image" },
    true,
    "the snapshot does not contain the bytes of its inline image, and the provider did not return them again. Query the task, and save that snapshot."
  ],
  [
    {
      _tag: "DownloadFailed",
      url,
      detail: "the connection was interrupted",
      httpStatus: undefined,
      isRetryable: true
    },
    true,
    "could not download https://cdn.example/a: the connection was interrupted. Save again to resume the download."
  ],
  [
    {
      _tag: "DownloadFailed",
      url,
      detail: "the file server responded with HTTP 451",
      httpStatus: 451,
      isRetryable: false
    },
    false,
    "could not download https://cdn.example/a: the file server responded with HTTP 451. Get the file from the vendor's site, or contact the vendor."
  ],
  [
    { _tag: "NotMedia", url, kind: "video" },
    true,
    "expected video data, but https://cdn.example/a returned text or an unknown format. Save again, or contact the vendor."
  ],
  [
    { _tag: "NotMedia", url: undefined, kind: "video" },
    false,
    "expected video data, but the inline media of the response is text or an unknown format. Contact the vendor."
  ],
  [
    { _tag: "Empty", url },
    true,
    "https://cdn.example/a returned an empty file. Save again, or contact the vendor."
  ],
  [
    { _tag: "TooLarge", url, bytes: 11, maxBytes: 10 },
    false,
    "https://cdn.example/a has 11 bytes, which exceeds the limit of 10 bytes. Raise maxBytes to save it."
  ],
  [
    { _tag: "TooLarge", url, bytes: undefined, maxBytes: 10 },
    false,
    "https://cdn.example/a is larger than the limit of 10 bytes. Raise maxBytes to save it."
  ],
  [
    { _tag: "TimedOut", timeoutMs: 3_600_000 },
    true,
    "saving took longer than 1h. Save again to resume, or raise the timeout."
  ],
  [
    { _tag: "FileExists", path: "out/a.png" },
    false,
    "out/a.png already exists and is not this output. Move it, choose another folder, or set overwrite."
  ],
  [
    { _tag: "NotWritable", path: "out/a.png", code: "EACCES" },
    false,
    "cannot write to out/a.png (EACCES). Choose a folder that you may write to."
  ],
  [
    { _tag: "DiskFull", path: "out/a.png" },
    false,
    "the disk is full at out/a.png. Free some space, and save again to resume."
  ],
  [
    { _tag: "Unexpected", detail: "TypeError: no" },
    false,
    "an unexpected error occurred while saving: TypeError: no. This is a bug in gentask or in a custom transport: please report it."
  ]
]

describe("SaveError", () => {
  it.each(cases)("with the reason %j has isRetryable %s", (reason, isRetryable, message) => {
    const error = new SaveError({ ref: "acme:1", reason })
    expect({
      ref: error.ref,
      reason: error.reason,
      isRetryable: error.isRetryable,
      message: error.message,
      saved: error.saved
    }).toEqual({ ref: "acme:1", reason, isRetryable, message: `acme:1: ${message}`, saved: [] })
  })

  it("is a gentask error with a name and a cause", () => {
    const cause = new TypeError("no")
    const reason: SaveErrorReason = { _tag: "Unexpected", detail: String(cause) }
    const error = new SaveError({ ref: "acme:1", reason, cause })
    expect(isGentaskError(error)).toBe(true)
    expect({ name: error.name, tag: error._tag, cause: error.cause }).toEqual({
      name: "SaveError",
      tag: "SaveError",
      cause
    })
  })

  it("has no cause if none is given", () => {
    const error = new SaveError({ ref: "acme:1", reason: { _tag: "DiskFull", path: "out" } })
    expect("cause" in error).toBe(false)
  })
})
