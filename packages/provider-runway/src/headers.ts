/** The headers of every request: the version of the API that this provider reads. */
export const headers = { "x-runway-version": "2024-11-06" }
