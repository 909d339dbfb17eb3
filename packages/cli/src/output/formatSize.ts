const units = ["bytes", "kB", "MB", "GB", "TB"] as const

const powerOf = (bytes: number): number =>
  bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))

const formatAmount = (bytes: number, power: number): string => {
  const amount = bytes / 1000 ** power
  return power === 0 || amount >= 100 ? String(Math.round(amount)) : amount.toFixed(1)
}

/** Formats a size: `84 kB`. */
export const formatSize = (bytes: number): string => {
  const power = powerOf(bytes)
  return `${formatAmount(bytes, power)} ${units[power]}`
}

/** Formats a part of a size, both in the unit of the whole: `12.3 of 48.0 MB`. */
export const formatPart = (bytes: number, totalBytes: number): string =>
  `${formatAmount(bytes, powerOf(totalBytes))} of ${formatSize(totalBytes)}`
