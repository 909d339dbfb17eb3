const engineMessage =
  /^(Cannot (read|set|destructure|convert)|.* is not (a function|a constructor|defined|iterable|an object)\b)/

/** Returns whether an error message is from the JavaScript engine, as opposed to one that was written for users. */
export const isCrash = (message: string): boolean => engineMessage.test(message)
