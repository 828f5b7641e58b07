import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statfsSync, truncateSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { onTestFinished } from 'vitest'

const mebibyte = 1024 * 1024

/** Disks that can be filled are mounted by root alone. */
export const mayMount = process.getuid?.() === 0 && process.platform === 'linux'

const command = (name: string, ...args: readonly string[]): string =>
  execFileSync(name, [...args], { stdio: ['ignore', 'pipe', 'pipe'] }).toString()

const mountPoint = (): string => {
  const point = mkdtempSync(join(tmpdir(), 'small-disk-'))
  onTestFinished(() => {
    try {
      command('umount', '-l', point)
    } catch {
      // Not mounted any more.
    }
    rmSync(point, { recursive: true, force: true })
  })
  return point
}

/** A file system of its own in memory, for this test. */
export const smallDisk = (mebibytes: number): string => {
  const point = mountPoint()
  command('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'small-disk', point)
  return point
}

export interface BreakableDisk {
  readonly path: string
  /** What ext4 does when the card fails: the file system turns read-only under the programs that use it. */
  breakDown(): void
  /** Checked and mounted again, as after a restart of the machine. */
  repair(): void
}

/** An ext4 file system in a file, or null where the kernel does not let one be broken. */
export const breakableDisk = (mebibytes: number): BreakableDisk | null => {
  const image = join(tmpdir(), `small-disk-${process.pid}-${mebibytes}.img`)
  onTestFinished(() => rmSync(image, { force: true }))
  closeSync(openSync(image, 'w'))
  truncateSync(image, mebibytes * mebibyte)
  const point = mountPoint()
  const mount = (): void => void command('mount', '-o', 'loop,errors=remount-ro', image, point)
  const trigger = (): string => {
    const device = basename(command('findmnt', '-no', 'SOURCE', point).trim())
    return `/sys/fs/ext4/${device}/trigger_fs_error`
  }
  try {
    command('mkfs.ext4', '-q', '-F', image)
    mount()
    if (!existsSync(trigger())) return null
  } catch {
    return null
  }
  return {
    path: point,
    breakDown: () => {
      const handle = openSync(trigger(), 'w')
      writeSync(handle, 'test')
      closeSync(handle)
    },
    repair: () => {
      command('umount', point)
      try {
        command('fsck.ext4', '-y', image)
      } catch {
        // It says with its exit code that it repaired something.
      }
      mount()
    },
  }
}

export interface Hog extends Disposable {
  readonly bytes: number
}

/** Somebody else takes the last byte of the disk. */
export const fillDisk = (path: string): Hog => {
  const file = join(path, 'somebody-elses-file')
  const handle = openSync(file, 'w')
  let bytes = 0
  for (const size of [mebibyte, 65_536, 4_096, 512, 1])
    try {
      for (;;) bytes += writeSync(handle, Buffer.alloc(size, 0xaa))
    } catch {
      // Not a byte of that size is left.
    }
  closeSync(handle)
  return { bytes, [Symbol.dispose]: () => rmSync(file, { force: true }) }
}

export const freeBytes = (path: string): number => {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}
