import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

interface Running {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

const running = (): readonly Running[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        // The name in parentheses may hold anything; the parent's number is the second word behind it.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }]
      } catch {
        return []
      }
    })

/** A program and all that it started, by something in its command line that no other program has. */
export const familyOf = (mark: string): readonly number[] => {
  const all = running()
  const found = new Set(all.filter(({ command }) => command.includes(mark)).map(({ pid }) => pid))
  for (let before = -1; before !== found.size;) {
    before = found.size
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid)
  }
  found.delete(process.pid)
  return [...found]
}

/** A machine that sleeps: none of these processes runs for so long, and then all go on. */
export const asleep = async (pids: readonly number[], ms: number): Promise<void> => {
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    await pause(ms)
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}
