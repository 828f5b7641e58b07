import { readFileSync, rmSync, statSync } from 'node:fs'
import { SimulatorError } from '../core/errors.ts'

const programs = ['hub', 'server', 'simulators'] as const
export type ProgramName = (typeof programs)[number]

/** A process id, or the path of a file that holds one: then the program may be started later, and again. */
export type ProcessAddress = number | string

/** Two clocks of the kernel's are compared: so far apart they may be, ms. */
const roundingMs = 2000
const ticksPerSecond = 100

/** When a process was started, ms since 1970; null: it is gone, or this system does not say. */
const startedAt = (pid: number): number | null => {
  try {
    // The name may hold spaces and brackets: fields count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
    const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]
    return boot === undefined ? null : (Number(boot) + ticks / ticksPerSecond) * 1000
  } catch {
    return null
  }
}

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/**
 * Sends signals to programs that were named one by one, and to nothing else: a process that took over the number of one that is gone
 * is left alone. Disposing lets everything go on that was stopped.
 */
export class ProgramProcesses implements Disposable {
  readonly #addresses: ReadonlyMap<ProgramName, ProcessAddress>
  /** Of those given as a number: when they were started. */
  readonly #known = new Map<number, number | null>()
  readonly #stopped = new Set<ProgramName>()

  /** Throws `SIM_CONFIG_INVALID` for a process that does not run or is not ours. */
  constructor(addresses: Readonly<Partial<Record<ProgramName, ProcessAddress | undefined>>>) {
    const given = programs.flatMap((name) => {
      const address = addresses[name]
      return address === undefined ? [] : [[name, address] as const]
    })
    this.#addresses = new Map(given)
    for (const [name, address] of given) {
      if (typeof address === 'string') continue
      if (address === process.pid || !lives(address))
        throw new SimulatorError('SIM_CONFIG_INVALID', `${name}: there is no process ${address} that we may signal.`)
      this.#known.set(address, startedAt(address))
    }
  }

  has(name: ProgramName): boolean {
    return this.#addresses.has(name)
  }

  /** What went wrong, in a sentence; null: it is done. A file that held the id of a killed program is removed: whoever wrote it sees that. */
  kill(name: ProgramName): string | null {
    const address = this.#addresses.get(name)
    const pid = this.#find(name)
    if (typeof pid === 'string') return pid
    if (typeof address === 'string') rmSync(address, { force: true })
    this.#stopped.delete(name)
    return signal(pid, 'SIGKILL')
  }

  stop(name: ProgramName): string | null {
    const pid = this.#find(name)
    if (typeof pid === 'string') return pid
    this.#stopped.add(name)
    return signal(pid, 'SIGSTOP')
  }

  goOn(name: ProgramName): string | null {
    this.#stopped.delete(name)
    const pid = this.#find(name)
    return typeof pid === 'string' ? pid : signal(pid, 'SIGCONT')
  }

  [Symbol.dispose](): void {
    for (const name of this.#stopped) this.goOn(name)
  }

  /** The process as long as it is the one that was meant, or a sentence. */
  #find(name: ProgramName): number | string {
    const address = this.#addresses.get(name)
    if (address === undefined) return `no process of the ${name} was given`
    if (typeof address === 'number')
      return lives(address) && startedAt(address) === (this.#known.get(address) ?? null)
        ? address
        : `the ${name} that was given as process ${address} is gone`
    try {
      const pid = Number(readFileSync(address, 'utf8').trim())
      const isPid = Number.isInteger(pid) && pid > 1 && (pid === process.pid) === (name === 'simulators') && lives(pid)
      const isMeant = isPid && (startedAt(pid) ?? 0) <= statSync(address).mtimeMs + roundingMs
      return isMeant ? pid : `the ${name} whose process is in ${address} is gone`
    } catch {
      return `the ${name} does not run: there is no ${address}`
    }
  }
}

const signal = (pid: number, name: NodeJS.Signals): string | null => {
  try {
    process.kill(pid, name)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : `no ${name} to ${pid}`
  }
}
