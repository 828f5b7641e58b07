import { writeSync } from 'node:fs'

/**
 * Places where a test may kill the hub: `GATEWAY_FAILPOINT=name` or `name:n` ends the process by SIGKILL when the place is reached
 * for the n-th time; `name:n:hang` stops the thread there for ever. Without the variable a place costs one comparison.
 */
export const failpoints = {
  'start-locked': 'the folder is ours, nothing is opened yet',
  'start-reserve': 'ballast and reserve are looked after, telemetry is not open yet',
  'start-set-aside': 'a damaged file has its new name, the salvaged one not its place yet',
  'start-salvage': 'rows of a damaged file are carried over, not committed yet',
  'start-tombstones': 'both files are open, copies of tombstones that were cut short are about to be made',
  'start-ready': 'ready, nobody has been told yet',
  'append-alarm': 'rows are written, not committed yet',
  'append-telemetry': 'rows are written, not committed yet',
  'committed-alarm': 'committed, not answered yet',
  'committed-telemetry': 'committed, not answered yet',
  'settle-told': 'the verdict is remembered, the rows are still in the file',
  'thin-step': 'thinned rows and tombstone are written, not committed yet',
  'thin-committed': 'between the two files: thinned, the tombstone is not on the alarm lane yet',
  'tombstone-copied': 'between the two files: the tombstone is on the alarm lane, not yet gone from the telemetry file',
  'quarantine-step': 'the row is moved, not committed yet',
  'quarantine-committed': 'the row is aside, nobody has been told yet',
} as const

export type Failpoint = keyof typeof failpoints

export interface ArmedFailpoint {
  readonly name: Failpoint
  /** Counts down; the process dies at 0. */
  left: number
  readonly how: 'kill' | 'hang'
}

const isFailpoint = (name: string): name is Failpoint => Object.hasOwn(failpoints, name)

/** Throws on a name that does not exist: a misspelt test must not pass. */
export const parseFailpoint = (text: string | undefined): ArmedFailpoint | null => {
  if (text === undefined || text === '') return null
  const [name = '', times = '1', how = 'kill'] = text.split(':')
  if (!isFailpoint(name) || !/^[1-9]\d{0,8}$/.test(times) || (how !== 'kill' && how !== 'hang'))
    throw new RangeError(`GATEWAY_FAILPOINT=${text}: name[:n[:hang]] with one of ${Object.keys(failpoints).join(', ')}`)
  return { name, left: Number(times), how }
}

const armed = parseFailpoint(process.env['GATEWAY_FAILPOINT'])

export const failpoint = (name: Failpoint): void => {
  if (armed === null || armed.name !== name) return
  armed.left -= 1
  if (armed.left > 0) return
  const msg = armed.how === 'kill' ? 'killed at a failpoint' : 'stands still at a failpoint'
  writeSync(2, `${JSON.stringify({ level: 60, failpoint: name, msg })}\n`)
  if (armed.how === 'kill') process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment; nothing more may happen.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
