import { randomUUID } from 'node:crypto'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { liveEvents, liveProtocolVersion, LiveUpdate } from '#domain/live/messages.ts'
import type { CommandReply, LiveCommand } from '#domain/live/messages.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { eventually } from '#test/support/eventually.ts'
import { Nurse } from '#test/support/nurse.ts'

type Told = (alarm: AlarmView, serverAt: number) => void
type Act = LiveCommand extends infer Command ? (Command extends { kind: infer Kind } ? { kind: Kind } : never) : never

/** A nurse with an open wall: sees each commit as it is published, and answers. */
export class WatchingNurse implements Disposable {
  readonly #socket: Socket
  readonly #latest = new Map<string, AlarmView>()

  private constructor(socket: Socket, told: Told) {
    this.#socket = socket
    socket.on(liveEvents.page, (_page: unknown, has: () => void) => has())
    socket.on(liveEvents.snapshot, (_part: unknown, taken: () => void) => taken())
    socket.on(liveEvents.update, (body: unknown) => {
      const { serverAt, changes } = LiveUpdate.parse(body)
      for (const change of changes) {
        if (change.kind !== 'alarm') continue
        this.#latest.set(change.alarm.episodeId, change.alarm)
        told(change.alarm, serverAt)
      }
    })
  }

  /** `told`: every state of every alarm, with the server's clock directly after its COMMIT. */
  static async open(url: string, person: { name: string; password: string }, told: Told): Promise<WatchingNurse> {
    const { cookie } = await Nurse.signIn(url, person.name, person.password)
    const socket = io(url, { transports: ['websocket'], extraHeaders: { cookie, origin: url } })
    const nurse = new WatchingNurse(socket, told)
    await eventually(() => socket.connected, { within: 10_000, what: 'the live feed' })
    socket.emit(liveEvents.hello, { at: null, build: 'bench', protocol: liveProtocolVersion, watch: [] })
    return nurse
  }

  latest(episodeId: string): AlarmView | undefined {
    return this.#latest.get(episodeId)
  }

  async accept(episodeId: string): Promise<void> {
    await this.#act(episodeId, { kind: 'accept' })
  }

  async resolve(episodeId: string): Promise<void> {
    await this.#act(episodeId, { kind: 'resolve', class: 'true-and-acted', finding: 'none', note: '' })
  }

  /** Again, when the alarm moved on meanwhile. */
  async #act(episodeId: string, act: Act & Record<string, unknown>): Promise<void> {
    for (let tries = 0; tries < 5; tries += 1) {
      const expectedVersion = this.#latest.get(episodeId)?.version ?? 0
      const command = { ...act, requestId: randomUUID(), episodeId, expectedVersion }
      const reply = (await this.#socket.timeout(10_000).emitWithAck(liveEvents.command, command)) as CommandReply
      if (reply.outcome === 'ok') return
      if (reply.outcome === 'refused') throw new Error(reply.message)
      this.#latest.set(episodeId, reply.alarm)
    }
    throw new Error(`${act.kind} met a conflict five times`)
  }

  [Symbol.dispose](): void {
    this.#socket.disconnect()
  }
}
