import { readdir, readFile, readlink } from 'node:fs/promises'

export interface Holder {
  readonly pid: number
  readonly command: string
  /** A gateway of this project. */
  readonly isGateway: boolean
}

const linkOf = (path: string): Promise<string | null> => readlink(path).catch(() => null)

const commandOf = async (pid: number): Promise<readonly string[]> => {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.split('\0').filter((word) => word !== '')
}

/** Processes other than this one that have `path` open, as far as this user may see: root sees all. */
export const holdersOf = async (path: string): Promise<readonly Holder[]> => {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid)
  const holders: Holder[] = []
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const links = await Promise.all(descriptors.map((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`)))
    if (!links.includes(path)) continue
    const words = await commandOf(pid)
    const command = words[0]?.split('/').at(-1) ?? 'a program'
    holders.push({ pid, command, isGateway: words.some((word) => word.endsWith('gateway/main.ts')) })
  }
  return holders
}
