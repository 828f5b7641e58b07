// What happened to simulated pumps while this screen was open, by virtual time. Pure.

export interface LogEntry {
  readonly key: string
  readonly pumpId: string
  readonly virtualMs: number
  readonly what: 'alarm-began' | 'alarm-ended' | 'fault-began' | 'fault-ended' | 'state' | 'plugged' | 'unplugged'
  readonly detail: string
}

export interface LoggedPump {
  readonly id: string
  readonly virtualMs: number
  readonly operatingState: string
  readonly plugged: boolean
  readonly activeAlarms: readonly string[]
  readonly faults: readonly string[]
}

export const mostEntries = 200

const added = (now: readonly string[], before: readonly string[]): readonly string[] =>
  now.filter((one) => !before.includes(one))

/** What differs between two looks at the same pump. */
export const changesOf = (before: LoggedPump, now: LoggedPump): readonly LogEntry[] => {
  const entry = (what: LogEntry['what'], detail: string): LogEntry => ({
    key: `${now.id} ${now.virtualMs} ${what} ${detail}`,
    pumpId: now.id,
    virtualMs: now.virtualMs,
    what,
    detail,
  })
  return [
    ...added(now.activeAlarms, before.activeAlarms).map((code) => entry('alarm-began', code)),
    ...added(before.activeAlarms, now.activeAlarms).map((code) => entry('alarm-ended', code)),
    ...added(now.faults, before.faults).map((fault) => entry('fault-began', fault)),
    ...added(before.faults, now.faults).map((fault) => entry('fault-ended', fault)),
    ...(before.operatingState === now.operatingState ? [] : [entry('state', now.operatingState)]),
    ...(before.plugged === now.plugged ? [] : [entry(now.plugged ? 'plugged' : 'unplugged', '')]),
  ]
}

/** Newest first, bounded. */
export const logged = (log: readonly LogEntry[], entries: readonly LogEntry[]): readonly LogEntry[] =>
  [...entries.toReversed(), ...log].slice(0, mostEntries)

const two = (value: number): string => String(value).padStart(2, '0')

/** Virtual time since the simulation began: `1:02:03.5`. */
export const virtualTime = (ms: number): string => {
  const tenths = Math.floor(ms / 100)
  const seconds = Math.floor(tenths / 10)
  const minutes = Math.floor(seconds / 60)
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}.${tenths % 10}`
}
