import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { findService } from '#test/support/services.ts'

export interface DiskFaults {
  /** Absolute, without symbolic links: only files directly in here are watched. */
  readonly folder: string
  /** Where the write log goes. */
  readonly log?: string
  /** A file that holds a number: each sync of a watched file takes that many ms longer. Read at each sync. */
  readonly syncDelay?: string
  /** The nth such call on a database or its WAL fails once with EIO. */
  readonly fail?: { readonly call: 'sync' | 'write'; readonly n: number }
}

/** Compiles the recorder into `folder` and gives its path. */
export const compileRecorder = (folder: string): string => {
  const compiler = findService('cc')
  if (compiler === null) throw new Error('no C compiler')
  const library = join(folder, 'recorder.so')
  const source = join(import.meta.dirname, 'recorder.c')
  execFileSync(compiler, ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl', '-lpthread'])
  return library
}

/** The environment under which a program's disk is watched. */
export const diskEnvironment = (
  library: string,
  { folder, log, syncDelay, fail }: DiskFaults,
): Readonly<Record<string, string>> => ({
  LD_PRELOAD: library,
  DISK_FOLDER: folder,
  ...(log === undefined ? {} : { DISK_LOG: log }),
  ...(syncDelay === undefined ? {} : { DISK_SYNC_DELAY: syncDelay }),
  ...(fail === undefined ? {} : { DISK_FAIL: `${fail.call} ${fail.n}` }),
})
