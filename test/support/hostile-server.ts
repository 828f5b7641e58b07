import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { Nurse } from './nurse.ts'
import { Program } from './program.ts'
import { SigningHub } from './signing-hub.ts'

const megabyte = 1024 * 1024

/** The heap that is to be enough under attack. */
const heap = '--max-old-space-size=256'

/** A real server process with one paired hub and a nurse, to be attacked on loopback. */
export class HostileServer implements AsyncDisposable {
  readonly program: Program
  readonly url: string
  readonly host: string
  readonly port: number
  readonly hub: SigningHub
  readonly nurse: Nurse
  /** Signs the nurse in once more. */
  readonly anotherSession: () => Promise<Nurse>
  readonly #folder: string

  private constructor(
    program: Program,
    url: string,
    hub: SigningHub,
    [nurse, anotherSession]: readonly [Nurse, () => Promise<Nurse>],
    folder: string,
  ) {
    this.program = program
    this.url = url
    this.host = new URL(url).host
    this.port = Number(new URL(url).port)
    this.hub = hub
    this.nurse = nurse
    this.anotherSession = anotherSession
    this.#folder = folder
  }

  static async start(): Promise<HostileServer> {
    const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
    const env = { PORT: '0', DATA_DIR: folder, DEMO_ACCOUNTS: '1', LOG_LEVEL: 'info', NODE_OPTIONS: heap }
    const program = new Program({ name: 'server', args: ['server/main.ts'], env })
    const [, port] = await program.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
    const url = `http://127.0.0.1:${port}`
    const access = DemoAccess.parse(JSON.parse(readFileSync(join(folder, 'demo-access.json'), 'utf8')))
    const hub = new SigningHub()
    const post = async (path: string, body: object): Promise<Record<string, string>> =>
      (await (
        await fetch(`${url}/hub/v1/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json()) as Record<string, string>
    const { id: claimId, code } = access.claim ?? { id: '', code: '' }
    const { nonce = '' } = await post('enrol-nonce', { v: 1, claimId })
    hub.keyId = (await post('enrol', hub.enrolment(claimId, code, nonce)))['keyId'] ?? ''
    const who = access.users.find(({ role }) => role === 'nurse')
    const signIn = (): Promise<Nurse> => Nurse.signIn(url, who?.name ?? '', who?.password ?? '')
    return new HostileServer(program, url, hub, [await signIn(), signIn], folder)
  }

  /** What the hub says, signed: the answer. */
  async say(path: string, body: unknown): Promise<Response> {
    const { headers, payload } = this.hub.request(`/hub/v1/${path}`, body, Date.now(), { authority: this.host })
    return fetch(`${this.url}/hub/v1/${path}`, { method: 'POST', headers, body: payload })
  }

  /** Resident memory, MB. */
  async memory(): Promise<number> {
    const text = await readFile(`/proc/${this.program.child.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) / 1024
  }

  /** Sends bytes as they are; what came back until the end, or for a while. */
  raw(bytes: string | Uint8Array, waitMs = 1_500): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1')
      let text = ''
      const over = setTimeout(() => socket.destroy(), waitMs)
      socket.on('error', () => {})
      socket.on('data', (chunk: Buffer) => {
        if (text.length < megabyte) text += chunk.toString('latin1')
      })
      socket.once('close', () => {
        clearTimeout(over)
        resolve(text)
      })
      socket.write(bytes)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
