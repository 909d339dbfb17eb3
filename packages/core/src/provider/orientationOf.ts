const orientations: Readonly<Record<string, "landscape" | "portrait">> = {
  "16:9": "landscape",
  "9:16": "portrait",
  landscape: "landscape",
  portrait: "portrait"
}

/**
 * Translates an aspect ratio for vendors that only distinguish landscape (16:9) from portrait (9:16).
 *
 * ```ts
 * orientationOf("9:16") // "portrait"
 * ```
 *
 * @param aspectRatio The common input, or one of the two words.
 * @throws {Error} For any other ratio.
 */
export const orientationOf = (aspectRatio: string): "landscape" | "portrait" => {
  const orientation = Object.hasOwn(orientations, aspectRatio) ? orientations[aspectRatio] : undefined
  if (orientation !== undefined) return orientation
  throw new Error(`Invalid aspectRatio "${aspectRatio}": this model supports 16:9 and 9:16.`)
}
