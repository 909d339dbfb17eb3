/** How a response is sent, as plain data. */

/** Where and how a response stops before its end. */
export interface StopPoint {
  /** Before the headers, or after this many bytes of the body. Undefined means half of the body. */
  readonly at: "headers" | number | undefined
  /** What happens to the connection. */
  readonly by: "reset" | "end" | "hang"
  /** Milliseconds until a hanging connection is reset. Undefined means never. */
  readonly hangFor?: number | undefined
}

/** How a response is sent. Absent properties mean the normal way. */
export interface DeliveryMode {
  /** Milliseconds before the first byte. */
  readonly delay?: number
  /** How the client learns where the body ends. */
  readonly framing?: "length" | "chunked" | "close"
  /** Bytes by which Content-Length exceeds the body. */
  readonly extraLength?: number
  /** Where the response stops. */
  readonly stop?: StopPoint
  /** The rate limit of the body. */
  readonly bytesPerSecond?: number
}
