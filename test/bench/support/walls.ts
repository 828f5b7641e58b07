import { join } from 'node:path'
import { Program } from '#test/support/program.ts'

const here = (file: string): string => join(import.meta.dirname, file)

/** What each socket had, and when: by name of what was told, wall-clock ms. */
export type Told = Readonly<Record<string, readonly number[]>>

/** `count` open web sockets in a process of their own. `cookieFile`: sessions, one a line, or `bare` for sockets without any. */
export class Walls implements AsyncDisposable {
  readonly #program: Program

  private constructor(program: Program) {
    this.#program = program
  }

  static async open(url: string, count: number, cookieFile: string): Promise<Walls> {
    const args = [here('walls-process.ts'), url, String(count), cookieFile]
    const walls = new Walls(new Program({ name: 'walls', args }))
    await walls.#program.says(/walls are open/, 120_000)
    return walls
  }

  async told(): Promise<Told> {
    this.#program.child.stdin?.write('tell\n')
    const [, json = ''] = await this.#program.says(/^told (.*)\n/m)
    return JSON.parse(json) as Told
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]()
  }
}

/** The same text to as many sockets by `ws` alone. */
export class BareBroadcast implements AsyncDisposable {
  readonly url: string
  readonly #program: Program

  private constructor(program: Program, url: string) {
    this.#program = program
    this.url = url
  }

  static async open(): Promise<BareBroadcast> {
    const program = new Program({ name: 'bare broadcast', args: [here('bare-broadcast.ts')] })
    const [, port] = await program.says(/port (\d+)/)
    return new BareBroadcast(program, `http://127.0.0.1:${port}`)
  }

  say(bytes: number): void {
    this.#program.child.stdin?.write(`${bytes}\n`)
  }

  /** When each text was said. */
  said(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#program.output.matchAll(/^sent (\S+) (\S+)$/gm)].map(([, id = '', at]) => [id, Number(at)]),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]()
  }
}
