import { constants } from 'node:fs'
import { access, open, readFile, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import { fail, ok, warn } from '../../core/finding.ts'
import type { Finding } from '../../core/finding.ts'

const check = 'data folder'
const mebi = 1024 * 1024
/** Reserve and ballast of the outbox, and something to live on. */
const leastFree = 128 * mebi
/** The telemetry quota as well. */
const enoughFree = 1_400 * mebi
const syncs = 20
const slowMs = 50
const hopelessMs = 1_000

const good = ['ext4', 'ext3', 'xfs', 'btrfs', 'f2fs', 'zfs']

interface Mount {
  readonly type: string
  readonly device: string
  readonly options: readonly string[]
}

/** The mount that holds `path`, from /proc/self/mountinfo. */
const mountOf = async (path: string): Promise<Mount | null> => {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')).split('\n')
  let best: { readonly point: string; readonly mount: Mount } | null = null
  for (const line of lines) {
    const [before = '', after = ''] = line.split(' - ')
    const point = before.split(' ')[4] ?? ''
    const [type = '', device = ''] = after.split(' ')
    const inside = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`)
    // The last of several mounts on one point is the one that is seen.
    if (!inside || point.length < (best?.point.length ?? 0)) continue
    best = { point, mount: { type, device, options: (before.split(' ')[5] ?? '').split(',') } }
  }
  return best?.mount ?? null
}

const judgeMount = ({ type, device, options }: Mount): readonly Finding[] => {
  const findings: Finding[] = []
  if (['tmpfs', 'ramfs'].includes(type))
    findings.push(fail(check, 'is in memory: a power cut loses everything', 'put dataDir on a disk'))
  else if (!good.includes(type))
    findings.push(warn(check, `is on ${type}, of which nobody here knows that it keeps its promises`, 'use ext4'))
  if (/mmcblk/.test(device))
    findings.push(
      options.includes('noatime')
        ? ok(check, 'is on an SD card or eMMC, mounted noatime')
        : warn(check, 'is on an SD card or eMMC and writes at each reading', 'add noatime to its line in /etc/fstab'),
    )
  return findings
}

/** Milliseconds of each of some small synced writes, sorted. */
const syncTimes = async (folder: string): Promise<readonly number[]> => {
  const path = join(folder, `.doctor-${process.pid}`)
  const times: number[] = []
  try {
    await using file = await open(path, 'w', 0o600)
    for (let index = 0; index < syncs; index += 1) {
      const from = performance.now()
      await file.write(Buffer.alloc(4_096, index), 0, 4_096, index * 4_096)
      await file.datasync()
      times.push(performance.now() - from)
    }
  } finally {
    await rm(path, { force: true })
  }
  return times.toSorted((a, b) => a - b)
}

const judgeSyncs = async (folder: string): Promise<Finding> => {
  const times = await syncTimes(folder).catch((error: unknown) => messageOf(error))
  if (typeof times === 'string')
    return fail(check, `cannot be written: ${times}`, 'free some space, or repair the disk')
  const middle = times[Math.floor(times.length / 2)] ?? 0
  const longest = times.at(-1) ?? 0
  const words = `${syncs} synced writes took ${middle.toFixed(1)} ms each, the longest ${longest.toFixed(0)} ms`
  if (middle > hopelessMs) return fail(check, words, 'replace the card or disk: it is failing')
  return middle > slowMs ? warn(check, words, 'use an industrial card or a disk: this one is slow') : ok(check, words)
}

const judgeSpace = async (folder: string): Promise<Finding> => {
  const { bavail, bsize, ffree, files } = await statfs(folder)
  const free = bavail * bsize
  const words = `${Math.floor(free / mebi)} MiB are free`
  if (free < leastFree) return fail(check, words, `free some space: the outbox needs ${leastFree / mebi} MiB at least`)
  if (files > 0 && ffree < 64) return fail(check, 'no more files can be made (inodes)', 'remove files from this disk')
  if (free < enoughFree)
    return warn(check, `${words}, too little for the outbox’s whole quota`, `make it ${enoughFree / mebi} MiB`)
  return ok(check, words)
}

/** Rights, space, kind and speed of where the outbox and the key live. */
export const examineDataFolder = async (folder: string): Promise<readonly Finding[]> => {
  const found = await stat(folder).catch(() => null)
  if (found === null) {
    const parent = await access(dirname(folder), constants.W_OK).then(
      () => true,
      () => false,
    )
    return [
      parent
        ? ok(check, `${folder} is not there yet and will be made`)
        : fail(check, `${folder} is not there and cannot be made by this user`, 'make it, owned by the gateway’s user'),
    ]
  }
  const refusal = await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => null,
    (error: unknown) => messageOf(error),
  )
  if (refusal !== null)
    return [
      fail(
        check,
        `this user may not use ${folder}: ${refusal}`,
        /EROFS|read-only/i.test(refusal)
          ? 'the disk is mounted read-only: it may be damaged, see dmesg'
          : 'run this as the gateway’s user, or give the folder to that user (chown -R)',
      ),
    ]
  const mount = await mountOf(folder)
  return [
    ...((found.mode & 0o077) === 0 ? [] : [warn(check, `${folder} may be read by others`, `chmod 700 ${folder}`)]),
    ...(mount === null ? [] : judgeMount(mount)),
    await judgeSpace(folder),
    await judgeSyncs(folder),
  ]
}
