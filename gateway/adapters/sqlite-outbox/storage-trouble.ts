/** What a person has to know about the hub's disk. */
export interface StorageState {
  /** An alarm could not be stored since the last one that could. */
  readonly alarmRefused: boolean
  readonly telemetryRefused: boolean
  /** Of the room telemetry may take, 0 to 1. */
  readonly telemetryFill: number
  readonly reserveBytes: number
  readonly reserveWantedBytes: number
  readonly diskFreeBytes: number | null
  /** Bytes of the disk the reserve does not take. */
  readonly keepBytes: number
}

export interface StorageTrouble {
  /** Pumps are not acknowledged any more. */
  readonly refusesAlarms: boolean
  readonly text: string
}

const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`

/** Null: all is well. Otherwise the worst, in words. */
export const storageTrouble = (state: StorageState): StorageTrouble | null => {
  const { reserveBytes, reserveWantedBytes, diskFreeBytes } = state
  const disk = diskFreeBytes === null ? '' : ` (${mebibytes(diskFreeBytes)} free on the disk)`
  if (state.alarmRefused)
    return { refusesAlarms: true, text: `no room left to store alarms: pumps keep alarming themselves${disk}` }
  if (state.telemetryRefused) return lesser(`no room left to store measurements; alarms are stored${disk}`)
  if (diskFreeBytes !== null && reserveBytes < reserveWantedBytes / 2 && diskFreeBytes < state.keepBytes)
    return lesser(
      `the disk is full: ${mebibytes(reserveBytes)} of ${mebibytes(reserveWantedBytes)} kept free for alarms are left`,
    )
  if (state.telemetryFill >= 0.95) return lesser(`oldest measurements are being dropped to make room${disk}`)
  return null
}

const lesser = (text: string): StorageTrouble => ({ refusesAlarms: false, text })
