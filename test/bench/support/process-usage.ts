import { readFileSync } from 'node:fs'

/** What the kernel knows about a process and its threads. */
export interface ProcessUsage {
  readonly residentBytes: number
  /** User and system time, ms. */
  readonly cpuMs: number
  /** Bytes the process made dirty that went, or must go, to the disk: each page once per write-back. */
  readonly writtenBytes: number
}

/** USER_HZ is 100 on every Linux that Node runs on. */
const msPerTick = 10

const field = (text: string, name: string): number => {
  const value = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]
  if (value === undefined) throw new Error(`no ${name} in /proc`)
  return Number(value)
}

export const usageOf = (pid: number): ProcessUsage => {
  const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8')
  // The name in parentheses may hold spaces; what follows it does not. utime and stime are fields 14 and 15.
  const stat = read('stat')
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  const io = read('io')
  return {
    residentBytes: field(read('status'), 'VmRSS') * 1_024,
    cpuMs: (Number(utime) + Number(stime)) * msPerTick,
    writtenBytes: field(io, 'write_bytes') - field(io, 'cancelled_write_bytes'),
  }
}

/** TCP connections to this machine's programs since it started: PassiveOpens of RFC 4022, as Linux counts them. */
export const connectionsTaken = (): number => {
  const [names = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8').match(/^Tcp: .*$/gm) ?? []
  return Number(values.split(' ')[names.split(' ').indexOf('PassiveOpens')])
}
