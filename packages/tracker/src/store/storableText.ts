/** Replaces what Postgres cannot store: NULs and halves of surrogate pairs. */
export const storableText = (text: string): string => text.replaceAll("\0", " ").toWellFormed()
