import type { LedgerTask } from "@gentask/ledger"

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000]
] as const

/** Formats an age in its largest unit: `3d`, `2h`, `45s`. */
export const formatAge = (milliseconds: number): string => {
  const unit = units.find(([, length]) => milliseconds >= length)
  return unit === undefined
    ? `${Math.max(0, Math.floor(milliseconds / 1000))}s`
    : `${Math.floor(milliseconds / unit[1])}${unit[0]}`
}

/** Formats what a vendor charged. Empty if it is not known. */
export const formatCost = (cost: LedgerTask["cost"]): string =>
  cost === null ? "" : `${Number(cost.amount.toFixed(4))} ${cost.unit}`
