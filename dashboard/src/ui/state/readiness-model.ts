import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { DutyChoice, ReadinessState, ReadyItem } from '#domain/on-call/readiness.ts'
import type { AudioDesk, SoundLook } from '#dashboard/core/audio-port.ts'
import type { AwakeDesk, AwakeLook } from '#dashboard/core/awake-port.ts'
import { dutyChoices, needsReason, readyItemNames, readyItems } from '#dashboard/core/ready-items.ts'
import type { ReadyItems } from '#dashboard/core/ready-items.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import { missingAbilities } from './browser-abilities.ts'
import type { LiveStore } from './live-store.ts'
import type { PathModel } from './path-model.ts'
import type { PushState, TestStep } from './push-state.ts'

const dutyKey = 'duty'

export interface ReadinessParts {
  readonly link: ServerLink
  readonly audio: AudioDesk
  readonly awake: AwakeDesk
  readonly push: PushState
  readonly path: PathModel
  readonly sound: ReadonlySignal<SoundLook>
  readonly live: Pick<LiveStore, 'now'>
}

const roughly = ({ step }: TestStep): 'waiting' | 'shown' | 'failed' => {
  if (step === 'shown') return 'shown'
  return step === 'sending' || step === 'taken' ? 'waiting' : 'failed'
}

/** What somebody is on duty as here, and whether her devices would bring her an alarm. */
export class ReadinessModel {
  /** Null: not chosen since this tab signed in. */
  readonly duty = signal<DutyChoice | null>(storedDuty())
  readonly open = signal(false)
  readonly planned = signal<ReadinessState['planned'] | null>(null)
  readonly awake = signal<AwakeLook>('off')
  readonly heard = signal<boolean | null>(null)
  readonly seen = signal<boolean | null>(null)
  readonly reasons = signal<Readonly<Partial<Record<ReadyItem, string>>>>({})
  readonly saving = signal<'no' | 'now' | 'failed'>('no')
  readonly missing = missingAbilities()
  readonly items: ReadonlySignal<ReadyItems>
  /** The rota has her on duty now. */
  readonly plannedNow: ReadonlySignal<boolean>
  /** What she has to answer, or to give a reason for, before she can start. */
  readonly unsettled: ReadonlySignal<readonly ReadyItem[]>
  readonly #parts: ReadinessParts

  constructor(parts: ReadinessParts) {
    this.#parts = parts
    parts.awake.onChange((look) => (this.awake.value = look))
    this.items = computed(() =>
      readyItems({
        soundArmed: parts.sound.value.armed,
        heard: this.heard.value,
        devices: parts.push.working.value,
        tests: [...parts.push.tests.value.values()].map(roughly),
        seen: this.seen.value,
        awake: this.awake.value,
        missing: this.missing,
      }),
    )
    this.plannedNow = computed(() => {
      const now = parts.live.now.value
      return now !== null && (this.planned.value ?? []).some(({ from, to }) => from <= now && now < to)
    })
    this.unsettled = computed(() => {
      const items = this.items.value
      return readyItemNames.filter((item) =>
        needsReason(items, item) ? (this.reasons.value[item] ?? '').trim() === '' : items[item] === 'asking',
      )
    })
  }

  /** After signing in: asks for the duty. */
  ask(): void {
    this.#keep(null)
    this.open.value = true
    void this.#plans()
  }

  /** From a chip or the menu. */
  show(): void {
    this.open.value = true
    void this.#plans()
    void this.#parts.push.refresh()
  }

  /** The session goes on in this tab: what was chosen holds. */
  goOn(): void {
    const duty = this.duty.peek()
    if (duty === 'on-call' || duty === 'backup') this.#parts.awake.hold()
    void this.#plans()
  }

  end(): void {
    this.#keep(null)
    this.open.value = false
    this.#parts.awake.release()
  }

  /** Inside a click: everything that can be tried is tried in it. */
  choose(duty: DutyChoice): void {
    this.#keep(duty)
    if (duty === 'looking') {
      this.#parts.awake.release()
      return void this.finish()
    }
    this.tryAll()
  }

  tryAll(): void {
    const { audio, awake, push, path } = this.#parts
    this.heard.value = null
    this.seen.value = null
    audio.arm()
    path.play()
    awake.hold()
    for (const { deviceId, gone } of push.devices.peek() ?? []) if (!gone) void push.test(deviceId)
  }

  get noDevice(): boolean {
    return this.#parts.push.working.value === 0
  }

  playAgain(): void {
    this.heard.value = null
    this.#parts.path.play()
  }

  hear(heard: boolean): void {
    this.heard.value = heard
    void this.#parts.path.answer(heard)
  }

  explain(item: ReadyItem, reason: string): void {
    this.reasons.value = { ...this.reasons.peek(), [item]: reason }
  }

  async finish(): Promise<void> {
    const duty = this.duty.peek()
    if (duty === null) return
    const items = this.items.peek()
    const failing =
      duty === 'looking'
        ? []
        : readyItemNames.flatMap((item) =>
            needsReason(items, item) ? [{ item, reason: this.reasons.peek()[item]?.trim() ?? '' }] : [],
          )
    this.saving.value = 'now'
    const answer = await this.#parts.link.request<'ready'>({ what: 'ready', readiness: { duty, failing } })
    this.saving.value = answer.ok ? 'no' : 'failed'
    if (answer.ok) this.open.value = false
  }

  #keep(duty: DutyChoice | null): void {
    this.duty.value = duty
    if (duty === null) sessionStorage.removeItem(dutyKey)
    else sessionStorage.setItem(dutyKey, duty)
  }

  async #plans(): Promise<void> {
    const answer = await this.#parts.link.request<'readiness'>({ what: 'readiness' })
    if (answer.ok) this.planned.value = answer.body.planned
  }
}

const storedDuty = (): DutyChoice | null =>
  dutyChoices.find((choice) => choice === sessionStorage.getItem(dutyKey)) ?? null
