import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { AlarmReceipts, type ReceiptKind } from '#dashboard/core/alarm-receipts.ts'
import type { AudioDesk } from '#dashboard/core/audio-port.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import type { LiveStore } from './live-store.ts'
import { RowSight } from './row-sight.ts'

/** What this station does at the moment. */
export interface StationNow {
  /** What is to be heard here. */
  readonly sounding: readonly AlarmView[]
  /** When somebody last pressed a key or a button, the page's monotonic ms. */
  readonly lastInputAt: number
}

/** Tells the server which unanswered alarms were heard and looked at here (alarms.md, "Paging"). */
export class ReceiptsModel {
  readonly sight = new RowSight()
  readonly #receipts = new AlarmReceipts()
  readonly #link: ServerLink
  readonly #live: LiveStore
  /** Alarms are this person's business. */
  #isOn = false

  constructor(link: ServerLink, audio: AudioDesk, live: LiveStore) {
    this.#link = link
    this.#live = live
    audio.onSounded((kind, startedAt) => {
      if (kind === 'high' || kind === 'medium') this.#tell('audible', this.#receipts.heard(kind, startedAt))
    })
  }

  /** At sign-in. */
  start(isOn: boolean): void {
    this.#receipts.forget()
    this.#isOn = isOn
  }

  stop(): void {
    this.start(false)
  }

  look({ sounding, lastInputAt }: StationNow, now: number): void {
    if (!this.#isOn) return
    this.#receipts.sounding(sounding.filter(isAsked), now)
    const asked = [...this.#live.alarms.peek().values()].filter(isAsked)
    const { inSight } = this.sight
    this.#tell(
      'viewed',
      this.#receipts.seen(asked, { inSight, isOpen: this.#isOpen(), inputAgeMs: now - lastInputAt }, now),
    )
  }

  #isOpen(): boolean {
    return (
      document.visibilityState === 'visible' &&
      this.#live.link.peek() === 'live' &&
      document.querySelector('dialog:modal') === null
    )
  }

  #tell(kind: ReceiptKind, episodeIds: readonly EpisodeId[]): void {
    if (this.#isOn && episodeIds.length > 0) this.#link.post({ kind: 'receipt', parcel: { kind, episodeIds } })
  }
}

/** Nobody has answered it, and somebody is paged about it. */
const isAsked = ({ owner, priority, confirmed }: AlarmView): boolean =>
  owner === null && confirmed && (priority === 'high' || priority === 'medium')
