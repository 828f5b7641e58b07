/** No-break space: a number never leaves its unit. */
export const nbsp = '\u00a0'

/** What somebody wrote of a drug, no number of it apart from its unit. */
export const drugText = (label: string): string => label.replaceAll(/(\d) (?=[\p{L}%])/gu, `$1${nbsp}`)

export interface Formats {
  /** 02:41 */
  readonly time: (ms: number) => string
  /** 02:41:07, only where liveness matters. */
  readonly timeSeconds: (ms: number) => string
  /** 02:41, or 21 Nov 14:02 if that was not today. */
  readonly moment: (ms: number, nowMs: number) => string
  /** 02:41:07, or 21 Nov 14:02:07 if that was not today. */
  readonly momentSeconds: (ms: number, nowMs: number) => string
  /** 21 Nov 2026 14:02:07, for paper and files. */
  readonly dateTime: (ms: number) => string
  /** 21 Nov */
  readonly day: (ms: number) => string
  readonly count: (value: number) => string
  /** mL/h: one to three decimals. */
  readonly rate: (value: number) => string
  /** mL: at most one decimal, two below 10, none for whole numbers. */
  readonly volume: (value: number) => string
  readonly whole: (value: number) => string
  /** At most one decimal, never rounded up to 100. */
  readonly percent: (value: number) => string
}

const smallMl = 10

/** Numbers and times of the facility; 24-hour clock. `locale` decides digits and month names. */
export const formatsFor = (timeZone: string, locale = 'en-GB'): Formats => {
  const clock = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options })
  const number = (options: Intl.NumberFormatOptions): Intl.NumberFormat => new Intl.NumberFormat(locale, options)
  const time = clock({ hour: '2-digit', minute: '2-digit' })
  const seconds = clock({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const day = clock({ day: 'numeric', month: 'short' })
  const fullDay = clock({ day: 'numeric', month: 'short', year: 'numeric' })
  const isoDay = clock({ year: 'numeric', month: '2-digit', day: '2-digit' })
  const rate = number({ minimumFractionDigits: 1, maximumFractionDigits: 3 })
  const volume = number({ maximumFractionDigits: 1 })
  const smallVolume = number({ maximumFractionDigits: 2 })
  const whole = number({ maximumFractionDigits: 0 })
  return {
    time: (ms) => time.format(ms),
    timeSeconds: (ms) => seconds.format(ms),
    moment: (ms, nowMs) =>
      isoDay.format(ms) === isoDay.format(nowMs) ? time.format(ms) : `${day.format(ms)}${nbsp}${time.format(ms)}`,
    momentSeconds: (ms, nowMs) =>
      isoDay.format(ms) === isoDay.format(nowMs) ? seconds.format(ms) : `${day.format(ms)}${nbsp}${seconds.format(ms)}`,
    dateTime: (ms) => `${fullDay.format(ms)}${nbsp}${seconds.format(ms)}`,
    day: (ms) => day.format(ms),
    count: (value) => whole.format(value),
    rate: (value) => rate.format(value),
    volume: (value) => (Math.abs(value) < smallMl ? smallVolume : volume).format(value),
    whole: (value) => whole.format(value),
    percent: (value) => volume.format(value < 100 ? Math.floor(value * 10) / 10 : value),
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Row timer: `m:ss`, from an hour on `h:mm` with its unit, so that the two cannot be mixed up. */
export const timer = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}${nbsp}h`
}

/** How old something is: `4 s`, `3 min`, `2 h 10`, `5 d`. */
export const age = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 90) return `${seconds}${nbsp}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}${nbsp}min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours}${nbsp}h${nbsp}${two(minutes % 60)}` : `${Math.floor(hours / 24)}${nbsp}d`
}

/** How long something took: `80 ms`, `1.4 s`, from ten seconds on as an age. */
export const took = (ms: number): string => {
  if (ms >= 10_000) return age(ms)
  return ms < 1000 ? `${Math.round(Math.max(0, ms))}${nbsp}ms` : `${(ms / 1000).toFixed(1)}${nbsp}s`
}

/** Program time left: `9 h 18`, `42 min`. */
export const timeLeft = (seconds: number): { readonly value: string; readonly unit: string } => {
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return { value: String(minutes), unit: 'min' }
  return { value: `${Math.floor(minutes / 60)}${nbsp}h${nbsp}${two(minutes % 60)}`, unit: 'min' }
}
