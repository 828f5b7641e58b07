import { signal } from '@preact/signals'
import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { CommandResult, ServerLink } from '#dashboard/core/worker-protocol.ts'

export type CommandBody =
  | {
      readonly kind: 'accept' | 'seen' | 'withdraw' | 'take-over' | 'withdraw-hand-over' | 'check-in' | 'unshelve'
    }
  | { readonly kind: 'reject' | 'decline-hand-over' | 'take-from'; readonly reason: string }
  | { readonly kind: 'hand-over'; readonly to: UserId }
  | { readonly kind: 'escalate'; readonly to: UserId | null; readonly flood?: number }
  | { readonly kind: 'shelve'; readonly reason: string; readonly minutes: number }
  | Omit<Extract<LiveCommand, { kind: 'resolve' }>, 'requestId' | 'episodeId' | 'expectedVersion'>

/** idle: absent. Sending: waits for the server. Failed: what it said. Confirmed: until its note fades. Moved: not sent at all. */
export type CommandLook =
  | { readonly step: 'moved'; readonly at: number }
  | { readonly step: 'sending'; readonly kind: LiveCommand['kind'] }
  | { readonly step: 'confirmed'; readonly kind: LiveCommand['kind']; readonly at: number }
  | {
      readonly step: 'failed'
      readonly kind: LiveCommand['kind']
      readonly result: Exclude<CommandResult, { outcome: 'ok' }>
      readonly at: number
    }

const noteMs = 12_000

/** Sends what a person decides and knows what became of it. Nothing looks done before the server said so. */
export class CommandDesk {
  readonly looks = signal<ReadonlyMap<EpisodeId, CommandLook>>(new Map())
  readonly #link: ServerLink
  readonly #onOk: (alarm: AlarmView) => void
  readonly #waiting = new Map<
    string,
    { episodeId: EpisodeId; kind: LiveCommand['kind']; done: (ok: boolean) => void }
  >()

  constructor(link: ServerLink, onOk: (alarm: AlarmView) => void) {
    this.#link = link
    this.#onOk = onOk
    link.listen((message) => {
      if (message.kind === 'command-result') this.#settle(message.requestId, message.result)
    })
  }

  /** Resolves true when the server stored it. */
  send(alarm: Pick<AlarmView, 'episodeId' | 'version'>, body: CommandBody): Promise<boolean> {
    const requestId = crypto.randomUUID()
    const command: LiveCommand = { requestId, episodeId: alarm.episodeId, expectedVersion: alarm.version, ...body }
    return new Promise((done) => {
      this.#waiting.set(requestId, { episodeId: alarm.episodeId, kind: body.kind, done })
      this.#show(alarm.episodeId, { step: 'sending', kind: body.kind })
      this.#link.post({ kind: 'command', command })
    })
  }

  /** A press that was not taken, because the row had just come under the pointer: said, never swallowed. */
  moved(episodeId: EpisodeId): void {
    const at = performance.now()
    this.#show(episodeId, { step: 'moved', at })
    setTimeout(() => this.#fade(episodeId, at), noteMs)
  }

  #settle(requestId: string, result: CommandResult): void {
    const waiting = this.#waiting.get(requestId)
    if (waiting === undefined) return
    this.#waiting.delete(requestId)
    const { episodeId, kind, done } = waiting
    const at = performance.now()
    if (result.outcome === 'ok') this.#onOk(result.alarm)
    this.#show(
      episodeId,
      result.outcome === 'ok' ? { step: 'confirmed', kind, at } : { step: 'failed', kind, result, at },
    )
    setTimeout(() => this.#fade(episodeId, at), noteMs)
    done(result.outcome === 'ok')
  }

  #show(episodeId: EpisodeId, look: CommandLook): void {
    this.looks.value = new Map(this.looks.peek()).set(episodeId, look)
  }

  #fade(episodeId: EpisodeId, at: number): void {
    const look = this.looks.peek().get(episodeId)
    if (look === undefined || look.step === 'sending' || look.at !== at) return
    const looks = new Map(this.looks.peek())
    looks.delete(episodeId)
    this.looks.value = looks
  }
}
