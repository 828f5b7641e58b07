import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EpisodeId } from '#domain/ids.ts'
import type { CommandReply, LiveCommand } from '#domain/live/messages.ts'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { LiveClient } from '#test/support/live-bench.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'
import { SigningHub } from '#test/support/signing-hub.ts'
import { batch, condition } from '#test/support/uplink-records.ts'

const episodeId = EpisodeId.parse('episode-1')

/** A server that dies and comes back on the same folder and port. */
class Server {
  readonly url: string
  readonly #folder: string
  readonly #port: number
  #program: Program | null = null

  constructor(folder: string, port: number) {
    this.#folder = folder
    this.#port = port
    this.url = `http://localhost:${port}`
  }

  async start(): Promise<void> {
    const env = { PORT: String(this.#port), DATA_DIR: this.#folder, DEMO_ACCOUNTS: '1', LOG_LEVEL: 'info' }
    const program = new Program({ name: 'server', args: ['server/main.ts'], env })
    this.#program = program
    onTestFinished(() => program[Symbol.asyncDispose]())
    await program.says(/"msg":"listening"/, 60_000)
  }

  async kill(): Promise<void> {
    await this.#program?.kill('SIGKILL')
  }

  access(): DemoAccess {
    return DemoAccess.parse(JSON.parse(readFileSync(join(this.#folder, 'demo-access.json'), 'utf8')))
  }

  async post(path: string, body: unknown): Promise<Record<string, string>> {
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
    return (await reply.json()) as Record<string, string>
  }

  /** A hub enrols and reports one high alarm. */
  async raise(): Promise<void> {
    const { claim } = this.access()
    if (claim === null) throw new Error('no claim')
    const hub = new SigningHub()
    const { nonce = '' } = await this.post('/hub/v1/enrol-nonce', { v: 1, claimId: claim.id })
    const { keyId = '' } = await this.post('/hub/v1/enrol', hub.enrolment(claim.id, claim.code, nonce))
    hub.keyId = keyId
    const { payload, headers } = hub.request('/hub/v1/alarm', batch([condition(1)]), Date.now(), {
      authority: `localhost:${this.#port}`,
    })
    const { host: _, ...sent } = headers
    const reply = await fetch(`${this.url}/hub/v1/alarm`, { method: 'POST', headers: sent, body: payload })
    if (!reply.ok) throw new Error(`the alarm answered ${reply.status}: ${await reply.text()}`)
  }
}

interface Person {
  readonly name: string
  act(kind: 'accept' | 'withdraw', expectedVersion: number): Promise<CommandReply | 'lost'>
}

const personAt = async (server: Server, name: string): Promise<Person> => {
  const password = server.access().users.find((user) => user.name === name)?.password ?? ''
  const nurse = await Nurse.signIn(server.url, name, password)
  const client = new LiveClient(server.url.replace('localhost', '127.0.0.1'), {
    cookie: nurse.cookie,
    origin: server.url,
  })
  onTestFinished(() => void client.socket.disconnect())
  await eventually(() => client.socket.connected, { within: 30_000 })
  return {
    name,
    act: async (kind, expectedVersion) => {
      const command: LiveCommand = { kind, requestId: randomUUID(), episodeId, expectedVersion }
      return client.command(command).catch(() => 'lost' as const)
    },
  }
}

describe('two people, one alarm', () => {
  it('has one owner at every moment, over races and two kills of the server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'owner-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const server = new Server(folder, await freePort())
    await server.start()
    await server.raise()

    const user = server.access().users.find(({ role }) => role === 'nurse')
    const observer = await Nurse.signIn(server.url, user?.name ?? '', user?.password ?? '')
    const shown = async () => (await observer.alarm(episodeId)).alarm
    let version = (await shown()).version
    for (const round of ['before', 'after one kill', 'after two kills']) {
      const people = [await personAt(server, 'm.osei'), await personAt(server, 'j.lind')]
      for (let race = 0; race < 10; race += 1) {
        const replies = await Promise.all(people.map(async (one) => one.act('accept', version)))
        const winners = people.filter((_, index) => {
          const reply = replies[index]
          return reply !== undefined && reply !== 'lost' && reply.outcome === 'ok'
        })
        expect(winners, `${round}, race ${race}`).toHaveLength(1)
        const [winner] = winners
        const loser = replies.find((reply) => reply !== 'lost' && reply.outcome === 'conflict')
        expect(loser).toMatchObject({ outcome: 'conflict', alarm: { owner: { name: winner?.name } } })
        const after = await shown()
        expect(after.owner?.name).toBe(winner?.name)
        version = after.version
        if (race === 9) break
        expect(await winner?.act('withdraw', version)).toMatchObject({ outcome: 'ok', alarm: { owner: null } })
        version += 1
      }
      if (round === 'after two kills') break
      // The server dies in the middle of one more change; what was answered holds.
      const owner = (await shown()).owner
      const holder = people.find(({ name }) => name === owner?.name)
      const dying = holder?.act('withdraw', version)
      await server.kill()
      const answer = await dying
      await server.start()
      const now = await shown()
      if (answer !== undefined && answer !== 'lost') expect(now.owner).toEqual(answer.outcome === 'ok' ? null : owner)
      version = now.version
      if (now.owner !== null) {
        const again = await personAt(server, now.owner.name)
        expect(await again.act('withdraw', version)).toMatchObject({ outcome: 'ok' })
        version += 1
      }
    }

    await server.kill()
    const journal = openJournal(join(folder, 'journal.db'))
    onTestFinished(() => journal.alarms[Symbol.asyncDispose]())
    let owner: string | null = null
    let changes = 0
    for await (const { event } of journal.alarms.readAll(0)) {
      if (event.type === 'episode-accepted') {
        expect(owner).toBeNull()
        owner = event.by.name
        changes += 1
      }
      if (event.type === 'acceptance-withdrawn') {
        expect(owner).toBe(event.by.name)
        owner = null
      }
    }
    expect(changes).toBe(30)
  })
})
