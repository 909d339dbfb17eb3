/** Matches a provider's id: lowercase letters, digits and hyphens, starting with a letter. */
export const providerIdPattern = /^[a-z][a-z0-9-]*$/

/** Matches an account's name: lowercase letters, digits and hyphens, not starting with a hyphen. */
export const accountNamePattern = /^[a-z0-9][a-z0-9-]*$/
