/** Of the room that telemetry may take, 0 to 1 (reliability.md 3 rule 11). */
export const thinFrom = 0.8
export const thinHarderFrom = 0.9
export const dropFrom = 0.95

export type QuotaAction = 'none' | 'minute' | 'five-minutes' | 'drop'

export const quotaAction = (fill: number): QuotaAction => {
  if (fill >= dropFrom) return 'drop'
  if (fill >= thinHarderFrom) return 'five-minutes'
  return fill >= thinFrom ? 'minute' : 'none'
}

export interface Room {
  /** Of the file now, free ones included. */
  readonly pages: number
  readonly freePages: number
  readonly pageBytes: number
  readonly quotaBytes: number
  /** Of the disk; null when it cannot be told. */
  readonly diskFreeBytes: number | null
  /** What of the disk is not telemetry's to take. */
  readonly keepBytes: number
}

/** Pages the file may have: the quota, or what a disk that somebody else fills leaves of it. Never less than it has. */
export const capacityPages = ({
  pages,
  pageBytes,
  quotaBytes,
  diskFreeBytes,
  keepBytes,
}: Omit<Room, 'freePages'>): number => {
  const quota = Math.floor(quotaBytes / pageBytes)
  const byDisk = diskFreeBytes === null ? quota : pages + Math.floor(Math.max(0, diskFreeBytes - keepBytes) / pageBytes)
  return Math.max(pages, Math.min(quota, byDisk))
}

export const fillOf = (room: Room): number => (room.pages - room.freePages) / capacityPages(room)
