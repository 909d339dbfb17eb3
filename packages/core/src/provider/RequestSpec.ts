import type { HttpMethod } from "./HttpMethod.ts"
import type { InputFile } from "./InputFile.ts"

/** A field of a multipart form: a text, or a file. */
export type MultipartField =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly file: InputFile }

/** At most one of the bodies that a request can have. */
export interface RequestBody {
  /** A JSON value, sent as JSON. It may contain files: see `embedFile`. @default no body */
  readonly body?: unknown
  /** The fields of a form, sent as `application/x-www-form-urlencoded`. @default no form */
  readonly form?: Readonly<Record<string, string>> | undefined
  /** The fields of a form, sent as `multipart/form-data`. @default no form */
  readonly multipart?: ReadonlyArray<MultipartField> | undefined
  /** A file, sent as the whole body. @default no file */
  readonly file?: InputFile | undefined
}

/**
 * A request as a provider describes it. Core adds the base URL and the credentials, and sends it. It goes to the account's
 * base URL, or to a host that the account's endpoint lists.
 */
export interface RequestSpec extends RequestBody {
  /** The HTTP method. */
  readonly method: HttpMethod
  /** The path below the account's base URL, starting with `/`. Encode ids with `encodeURIComponent`. */
  readonly path: string
  /**
   * One of the `hosts` of the account's endpoint, without a port. `path` is the complete path then. If the account's base
   * URL is on loopback, as that of an emulator, the request goes below the base URL instead, so that no key leaves the
   * machine.
   *
   * @default the host of the account's base URL
   */
  readonly host?: string | undefined
  /** Query parameters, not encoded. @default none */
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Headers besides the credentials: exactly those that the vendor documents. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** A request to a URL that the vendor returned. It never carries the account's credentials. */
export interface UncredentialedRequest extends Pick<RequestBody, "multipart" | "file"> {
  /** The HTTP method. */
  readonly method: "POST" | "PUT"
  /** The absolute https URL. */
  readonly url: string
  /** The headers that the vendor documents. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
}
