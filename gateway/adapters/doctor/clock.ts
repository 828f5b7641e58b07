import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { fail, ok, warn } from '../../core/finding.ts'
import type { Finding } from '../../core/finding.ts'

const check = 'clock'
/** Nobody runs this before it was written. */
const builtAt = Date.UTC(2026, 0, 1)
const offsetLimitMs = 5_000

/** Null: the machine does not say. */
const synchronised = async (): Promise<boolean | null> => {
  if (existsSync('/run/systemd/timesync/synchronized')) return true
  const answer = await promisify(execFile)('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    timeout: 3_000,
  }).catch(() => null)
  const word = answer?.stdout.trim()
  return word === 'yes' || word === 'no' ? word === 'yes' : null
}

/** `serverOffsetMs`: server's clock minus ours, or null when it did not answer. */
export const examineClock = async (nowMs: number, serverOffsetMs: number | null): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  const day = new Date(nowMs).toISOString()
  if (nowMs < builtAt)
    findings.push(
      fail(
        check,
        `it says ${day}`,
        'let the machine reach a time server (timedatectl set-ntp true), or give it a battery clock',
      ),
    )
  const synced = await synchronised()
  if (synced === false)
    findings.push(warn(check, 'no time server keeps it', 'timedatectl set-ntp true, and let UDP port 123 out'))
  if (!existsSync('/sys/class/rtc/rtc0') && !existsSync('/dev/rtc0'))
    findings.push(
      warn(check, 'this machine has no battery clock: it starts in the past', 'fit one, or let it reach a time server'),
    )
  if (serverOffsetMs !== null && Math.abs(serverOffsetMs) > offsetLimitMs)
    findings.push(
      warn(
        check,
        `it is ${Math.round(Math.abs(serverOffsetMs) / 1_000)} s ${serverOffsetMs > 0 ? 'behind' : 'ahead of'} the server`,
        'set it; records are dated by the server’s time meanwhile',
      ),
    )
  return findings.length > 0 ? findings : [ok(check, `${day}${synced === true ? ', kept by a time server' : ''}`)]
}
