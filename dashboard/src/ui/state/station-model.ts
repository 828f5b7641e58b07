import { effect, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { Me } from '#domain/live/api.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { DutyChoice } from '#domain/on-call/readiness.ts'
import { namedInPause } from '#domain/on-call/station.ts'
import { isPaused, pausedEpisodes, pauseFor } from '#domain/sound/audio-pause.ts'
import type { AudioPause } from '#domain/sound/audio-pause.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'
import type { AudioDesk, SoundLook } from '#dashboard/core/audio-port.ts'
import { soundDuty, soundingAlarms } from '#dashboard/core/sound-duty.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import { keep, kept, keptVolume } from './kept-choices.ts'
import type { LiveStore } from './live-store.ts'
import type { ReceiptsModel } from './receipts-model.ts'
import type { Session } from './session.ts'

const tellEveryMs = 2_000

export interface StationParts {
  readonly link: ServerLink
  readonly audio: AudioDesk
  readonly live: LiveStore
  readonly receipts: ReceiptsModel
  readonly session: ReadonlySignal<Session>
  readonly me: ReadonlySignal<Me | null>
  readonly mayWatch: ReadonlySignal<boolean>
  /** What she signed in for, asked when it is told. */
  readonly duty: () => DutyChoice | null
}

/** What this page makes heard, and what it says of itself to the server. */
export class StationModel {
  readonly look = signal<SoundLook>({
    armed: false,
    state: 'closed',
    advancing: false,
    place: 'nowhere',
    output: 'system',
    testedAt: null,
    sounding: null,
  })
  /** Null: this station sounds whatever is to be heard. */
  readonly pause = signal<AudioPause | null>(null)
  readonly volume = signal(keptVolume())
  /** Of the loudspeaker that was chosen; null: the system's own. */
  readonly outputId = signal(kept('sound-output'))
  readonly #parts: StationParts
  #lastInputAt = performance.now()
  #lastToldAt = 0

  constructor(parts: StationParts) {
    this.#parts = parts
    effect(() => parts.audio.setOutput(this.outputId.value))
    // Kept for ever: a phone call may take the loudspeaker, and only the next press can bring it back. Touch counts when it ends.
    for (const type of ['pointerdown', 'pointerup', 'keydown'] as const)
      addEventListener(type, () => this.#press(), { capture: true, passive: true })
    // Reading is turning the wheel; it is no press that lets a page sound.
    addEventListener('wheel', () => (this.#lastInputAt = performance.now()), { capture: true, passive: true })
  }

  get quietMs(): number {
    return performance.now() - this.#lastInputAt
  }

  /** Pauses this station's sound, or ends the pause. Asking again never makes it longer. */
  pauseSound(): void {
    this.pause.value = this.pause.peek() === null ? pauseFor(this.#sounding(), performance.now()) : null
    this.sound()
    // The server counts on a station that sounds.
    this.tell(true)
  }

  setVolume(volume: number): void {
    this.volume.value = volume
    keep('volume', String(volume))
  }

  chooseOutput(id: string | null): void {
    this.outputId.value = id
    keep('sound-output', id)
  }

  /** One burst by an alarm's own way, inside a press. */
  test(kind: BurstKind): void {
    const { audio, live } = this.#parts
    audio.arm()
    audio.test(kind, live.serverNow(performance.now()))
    this.#show(audio.check())
  }

  /** Brings the loudspeaker in line with what is to be heard. Called by the worker's messages, so that a hidden tab sounds, too. */
  sound(): void {
    const { audio, live, receipts } = this.#parts
    const now = performance.now()
    if (!isPaused(this.pause.peek(), this.#sounding(), now)) this.pause.value = null
    this.#apply(now)
    const look = audio.check()
    this.#show(look)
    const isHeard = look.armed && look.place === 'here' && this.pause.peek() === null && live.link.peek() !== 'not-live'
    receipts.look({ sounding: isHeard ? this.#sounding() : [], lastInputAt: this.#lastInputAt }, now)
  }

  /** What this station can do, so that the server knows an unattended one. */
  tell(atOnce = false): void {
    const { link, live, session, duty } = this.#parts
    const now = performance.now()
    if (session.peek().step !== 'signed-in' || (!atOnce && now - this.#lastToldAt < tellEveryMs)) return
    this.#lastToldAt = now
    const { state, advancing } = this.look.peek()
    const serverNow = live.serverNow(now)
    link.post({
      kind: 'station',
      station: {
        visible: document.visibilityState === 'visible',
        audio: { state, advancing },
        lastInputAgeMs: now - this.#lastInputAt,
        pause: pauseOf(this.pause.peek(), now),
        clockErrorMs: serverNow === null ? null : Date.now() - serverNow,
        duty: duty(),
      },
    })
  }

  #apply(now: number): void {
    const { audio, live, me, mayWatch, duty } = this.#parts
    const { step } = this.#parts.session.peek()
    // A page that was on duty here before it was loaded anew is missed, one of somebody who only opens it is not.
    const unwatched = step === 'over' || (step === 'cut-off' && duty() !== null)
    if (!unwatched && (step !== 'signed-in' || !mayWatch.peek())) return
    const person = me.peek()
    audio.apply(
      soundDuty({
        alarms: live.loaded.peek() ? live.alarms.peek().values() : [],
        me: person?.userId ?? null,
        link: live.link.peek(),
        unwatched,
        sessionEndsAt: person?.sessionEndsAt ?? null,
        paused: this.pause.peek() !== null,
        now: live.serverNow(now),
      }),
    )
  }

  #sounding(): readonly AlarmView[] {
    const { live, me } = this.#parts
    return live.loaded.peek() ? soundingAlarms(live.alarms.peek().values(), me.peek()?.userId ?? null) : []
  }

  #show(look: SoundLook): void {
    // One flat record: told anew only when something in it is new.
    if (JSON.stringify(look) !== JSON.stringify(this.look.peek())) this.look.value = look
  }

  #press(): void {
    this.#lastInputAt = performance.now()
    const { step } = this.#parts.session.peek()
    const { armed, state } = this.look.peek()
    if (!armed && state !== 'closed' && step !== 'signed-out' && step !== 'signing-in') this.#parts.audio.arm()
  }
}

const pauseOf = (pause: AudioPause | null, now: number) =>
  pause === null
    ? null
    : {
        leftMs: Math.max(0, pause.until - now),
        priority: pause.priority,
        episodeIds: pausedEpisodes(pause).slice(0, namedInPause),
      }
