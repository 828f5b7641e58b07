import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Target } from './attack.ts'
import type { AttackName } from './attacks.ts'

/** An attacker that waits for its turn. */
export class AttackerProcess implements Disposable {
  readonly #child: ChildProcess

  constructor(name: AttackName, target: Target) {
    this.#child = fork(join(import.meta.dirname, 'attacker.ts'), [name, JSON.stringify(target)])
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
