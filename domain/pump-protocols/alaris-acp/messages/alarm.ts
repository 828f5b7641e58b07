// ALARM "^" code "^" text [ "^" blank ]      pump -> host (alaris-acp.md 3)
//   code  one word; AL_NOALM = none
//   text  may be blank
// Three or four fields with the name. A blank code makes the frame void.

export interface Alarm {
  readonly type: 'ALARM'
  readonly code: string
  readonly text: string | null
}

export const parseAlarm = ([code, text]: readonly string[]): Alarm | null =>
  code === undefined || text === undefined || code.trim() === ''
    ? null
    : { type: 'ALARM', code: code.trim(), text: text.trim() || null }
