// "RC" clock                                 pump -> host (zyno-miva.md 2)
//   clock  8 hex digits: seconds, the upper 4 bits masked off; or 12: day, month, year - 2000, hour, minute, second, 2 digits each
// Which of the two decides how the times of events are read. Another shape makes the frame void.

export interface Rc {
  readonly type: 'RC'
  readonly clock: string
  readonly timeFormat: 'relative' | 'absolute'
}

export const parseRc = (data: string): Rc | null => {
  if (/^[0-9A-Fa-f]{8}$/.test(data)) return { type: 'RC', clock: data, timeFormat: 'relative' }
  return /^[0-9A-Fa-f]{12}$/.test(data) ? { type: 'RC', clock: data, timeFormat: 'absolute' } : null
}
