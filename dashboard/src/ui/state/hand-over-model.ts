import { batch, computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { HandOverOutcome, HandOverSheet } from '#domain/hand-over/sheet.ts'
import type { PumpId, UserId } from '#domain/ids.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import { keptTicks, mayAccept, readBackOf } from '#dashboard/core/hand-over-sheet.ts'
import type { ReadBackItem, SheetPart } from '#dashboard/core/hand-over-sheet.ts'
import type { ApiAnswer, ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

/** Reachability on this screen is at most 10 s old. */
const askEveryMs = 5_000

/** What an act came to. */
export interface ActTold {
  readonly what: 'accepted' | 'declined' | 'offered' | 'taken-back'
  readonly at: number
  readonly done: number
  readonly of: number
}

/** The sheet of one team, asked again and again while it is on screen, and what its reader has ticked. */
export class HandOverModel {
  readonly sheet = signal<HandOverSheet | null>(null)
  readonly failure = signal<ApiFailure | null>(null)
  readonly teamId = signal<TeamId | null>(null)
  readonly ticked = signal<ReadonlySet<string>>(new Set())
  readonly sending = signal(false)
  readonly told = signal<ActTold | null>(null)
  readonly actFailure = signal<{ readonly failure: ApiFailure; readonly detail: string | null } | null>(null)
  readonly part = signal<SheetPart>('severity')
  readonly items: ReadonlySignal<readonly ReadBackItem[]>
  readonly complete: ReadonlySignal<boolean>
  readonly #link: ServerLink
  readonly #onAsked: () => void
  #timer: ReturnType<typeof setInterval> | null = null

  /** `onAsked`: asks who is on call as often. */
  constructor(link: ServerLink, me: UserId | null, onAsked: () => void) {
    this.#link = link
    this.#onAsked = onAsked
    this.items = computed(() => (this.sheet.value === null ? [] : readBackOf(this.sheet.value, me)))
    this.complete = computed(() => this.sheet.value !== null && mayAccept(this.ticked.value, this.items.value))
  }

  start(): () => void {
    void this.ask()
    this.#timer = setInterval(() => void this.ask(), askEveryMs)
    return () => {
      if (this.#timer !== null) clearInterval(this.#timer)
    }
  }

  async ask(): Promise<void> {
    this.#onAsked()
    const teamId = this.teamId.peek()
    const answer = await this.#link.request<'hand-over'>({ what: 'hand-over', teamId })
    if (teamId !== this.teamId.peek()) return
    batch(() => {
      if (answer.ok) {
        this.sheet.value = answer.body
        this.ticked.value = keptTicks(this.ticked.peek(), this.items.peek())
      }
      this.failure.value = answer.ok ? null : answer.failure
    })
  }

  choose(teamId: TeamId): void {
    this.teamId.value = teamId
    this.sheet.value = null
    this.ticked.value = new Set()
    void this.ask()
  }

  tick(key: string, on: boolean): void {
    const ticked = new Set(this.ticked.peek())
    if (on) ticked.add(key)
    else ticked.delete(key)
    this.ticked.value = ticked
  }

  accept(): Promise<boolean> {
    return this.#act('accepted', (requestId) =>
      this.#link.request<'hand-over-take'>({ what: 'hand-over-take', requestId }),
    )
  }

  decline(reason: string): Promise<boolean> {
    return this.#act('declined', (requestId) =>
      this.#link.request<'hand-over-decline'>({ what: 'hand-over-decline', requestId, reason }),
    )
  }

  offer(to: UserId): Promise<boolean> {
    return this.#act('offered', (requestId) =>
      this.#link.request<'hand-over-offer'>({ what: 'hand-over-offer', requestId, to }),
    )
  }

  takeBack(): Promise<boolean> {
    return this.#act('taken-back', (requestId) =>
      this.#link.request<'hand-over-withdraw'>({ what: 'hand-over-withdraw', requestId }),
    )
  }

  async watch(pumpId: PumpId, note: string): Promise<boolean> {
    return this.#simple(await this.#link.request<'watch'>({ what: 'watch', pumpId, note }))
  }

  async endWatch(pumpId: PumpId): Promise<boolean> {
    return this.#simple(await this.#link.request<'watch-end'>({ what: 'watch-end', pumpId }))
  }

  async #act(
    what: ActTold['what'],
    send: (
      requestId: string,
    ) => Promise<{ readonly ok: true; readonly body: HandOverOutcome } | Extract<ApiAnswer, { ok: false }>>,
  ): Promise<boolean> {
    if (this.sending.peek()) return false
    this.sending.value = true
    const answer = await send(crypto.randomUUID())
    batch(() => {
      this.sending.value = false
      this.actFailure.value = answer.ok ? null : { failure: answer.failure, detail: answer.detail ?? null }
      if (!answer.ok) return
      const all = [...answer.body.alarms, ...answer.body.pumps]
      const done = all.filter(({ outcome }) => outcome === 'ok').length
      this.told.value = { what, at: answer.body.serverTime, done, of: all.length }
      this.ticked.value = new Set()
    })
    void this.ask()
    return answer.ok
  }

  #simple(answer: { readonly ok: true } | Extract<ApiAnswer, { ok: false }>): boolean {
    this.actFailure.value = answer.ok ? null : { failure: answer.failure, detail: answer.detail ?? null }
    void this.ask()
    return answer.ok
  }
}
