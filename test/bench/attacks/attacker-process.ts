import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Target } from './attack.ts'
import type { AttackName } from './attacks.ts'

/**
 * An attacker that waits for its turn. It runs while a processor has nothing else to do (SCHED_IDLE): on a real line it has one of its own, and
 * with the lowest priority alone (nice 19) the scheduler still let others wait behind it (docs/performance.md 7).
 */
export class AttackerProcess implements Disposable {
  readonly #child: ChildProcess

  constructor(name: AttackName, target: Target) {
    const script = join(import.meta.dirname, 'attacker.ts')
    const whenIdle = { execPath: 'chrt', execArgv: ['--idle', '0', process.execPath, ...process.execArgv] }
    this.#child = fork(script, [name, JSON.stringify(target)], whenIdle)
  }

  on = (): Promise<void> => this.#told('on')
  off = (): Promise<void> => this.#told('off')

  #told(word: 'on' | 'off'): Promise<void> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`the attacker ended by itself with ${code}`))
      this.#child.once('exit', gone)
      this.#child.once('message', () => {
        this.#child.off('exit', gone)
        resolve()
      })
      this.#child.send(word)
    })
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
