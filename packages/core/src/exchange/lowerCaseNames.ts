/** Copies headers, with their names in lower case. */
export const lowerCaseNames = (
  headers: Readonly<Record<string, string>> | undefined
): Record<string, string> =>
  headers === undefined
    ? {}
    : Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
