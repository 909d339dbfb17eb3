/**
 * Returns a text if it is an http or https URL: for fields that contain a URL or a message.
 *
 * ```ts
 * asHttpUrl("https://cdn.example.com/1.mp4") // "https://cdn.example.com/1.mp4"
 * asHttpUrl("upstream error") // undefined
 * ```
 */
export const asHttpUrl = (text: string | null | undefined): string | undefined =>
  text != null && /^https?:\/\//i.test(text) ? text : undefined
