import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

/** A program beside everything else to which an attack goes instead: it takes the bytes and does nothing with them. */
export class SinkProcess implements Disposable {
  readonly #child: ChildProcess
  readonly url: string

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  static async start(): Promise<SinkProcess> {
    const child = fork(join(import.meta.dirname, 'sink.ts'))
    const port = await new Promise((resolve) => child.once('message', resolve))
    return new SinkProcess(child, `http://127.0.0.1:${String(port)}`)
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
