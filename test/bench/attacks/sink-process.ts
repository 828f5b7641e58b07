import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

/** A program beside everything else to which an attack goes instead: it takes the bytes and does nothing with them. */
export class SinkProcess implements Disposable {
  readonly #child: ChildProcess
  readonly url: string
  readonly mqttPort: number

  private constructor(child: ChildProcess, [httpPort = 0, mqttPort = 0]: readonly number[]) {
    this.#child = child
    this.url = `http://127.0.0.1:${httpPort}`
    this.mqttPort = mqttPort
  }

  static async start(): Promise<SinkProcess> {
    const child = fork(join(import.meta.dirname, 'sink.ts'))
    const ports = await new Promise((resolve) => child.once('message', resolve))
    return new SinkProcess(child, ports as readonly number[])
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
