import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Program } from '#test/support/program.ts'

const Running = z.object({
  url: z.string(),
  users: z.array(z.object({ role: z.string(), name: z.string(), password: z.string() })),
})

const startsWithinMs = 300_000
/** The demonstration ends its own programs first. */
const endsWithinMs = 60_000
const tellEveryMs = 30_000

interface Own {
  readonly program: Program
  readonly dir: string
}

const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`

export const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** What is photographed: one that this program starts and ends, or one that somebody else has running. */
export class Demonstration implements AsyncDisposable {
  readonly url: string
  readonly #users: z.infer<typeof Running>['users']
  readonly #own: Own | null

  private constructor(line: string, own: Own | null) {
    const { url, users } = Running.parse(JSON.parse(line))
    this.url = url
    this.#users = users
    this.#own = own
  }

  /** `file`: what `npm start -- --json` printed; npm writes lines of its own before it. */
  static reuse(file: string): Demonstration {
    const line = /^\{.*\}$/m.exec(readFileSync(file, 'utf8'))?.[0]
    if (line === undefined) throw new Error(`${file} has no line of JSON yet: is the demonstration ready?`)
    return new Demonstration(line, null)
  }

  static async start(): Promise<Demonstration> {
    const dir = mkdtempSync(join(tmpdir(), 'infusion-watch-screenshots-'))
    const program = new Program({
      name: 'demonstration',
      args: ['simulators/demo.ts', '--json'],
      // Its line stays blocked: the pictures show an alarm that goes on.
      env: { PORT: String(await freePort()), DATA_DIR: dir, SCENARIO: join(import.meta.dirname, 'alarm-goes-on.yaml') },
    })
    try {
      const [line] = await program.says(/^\{.*\}$/m, startsWithinMs)
      return new Demonstration(line, { program, dir })
    } catch (error) {
      await end(program, dir)
      throw error
    }
  }

  user(role: string): { readonly name: string; readonly password: string } {
    const user = this.#users.find((one) => one.role === role)
    if (user === undefined) throw new Error(`the demonstration has no ${role}`)
    return user
  }

  /** Until charts and lists have something to show. */
  async runs(ms: number, what: string): Promise<void> {
    const program = this.#own?.program
    const from = performance.now()
    let told = from
    await eventually(
      () => {
        const now = performance.now()
        if (now - told >= tellEveryMs) {
          told = now
          say(`  ${what} has run for ${minutes(now - from)} of ${minutes(ms)}`)
        }
        return now - from >= ms || program?.running === false
      },
      { within: ms + 60_000, every: 1_000, what },
    )
    if (program?.running === false) throw new Error(`the demonstration has ended:\n${program.output.slice(-2000)}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#own !== null) await end(this.#own.program, this.#own.dir)
  }
}

/** Killed sooner, it would leave its server, hub and pumps behind. */
const end = async (program: Program, dir: string): Promise<void> => {
  if (program.running) program.child.kill('SIGTERM')
  await program.ended(endsWithinMs)
  rmSync(dir, { recursive: true, force: true })
}
