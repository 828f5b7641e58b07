import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { PushDeviceView } from '#domain/live/push-api.ts'
import { urgentAddress } from '#dashboard/core/route.ts'
import type { PushDesk, PushLook } from '#dashboard/core/push-port.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'

/** How a test page to one device is getting on. */
export type TestStep =
  | { readonly step: 'sending' }
  /** The push service has it; only the device can say more. */
  | { readonly step: 'taken' }
  | { readonly step: 'shown'; readonly afterMs: number }
  | { readonly step: 'not-shown' }
  | { readonly step: 'timed-out' }
  | { readonly step: 'refused'; readonly reason: string | null }
  | { readonly step: 'server' }

export type PushProblem = 'blocked' | 'no-service' | 'unsupported' | 'refused' | 'server'

const askEveryMs = 2_000
const shownWithinMs = 60_000
/** Which of the person's devices this browser is. An id of the server's, no secret. */
const deviceKey = 'push-device'

/** Devices that page the person who is signed in, and this browser among them. */
export class PushState {
  readonly look = signal<PushLook | null>(null)
  /** Null: not known yet, or this role is not paged. */
  readonly devices = signal<readonly PushDeviceView[] | null>(null)
  readonly tests = signal<ReadonlyMap<string, TestStep>>(new Map())
  readonly busy = signal(false)
  readonly problem = signal<PushProblem | null>(null)
  readonly dialogOpen = signal(false)
  readonly #here = signal<string | null>(localStorage.getItem(deviceKey))
  /** This browser's entry, if it is this person's and works. */
  readonly here: ReadonlySignal<PushDeviceView | null> = computed(() => {
    const entry = this.devices.value?.find(({ deviceId }) => deviceId === this.#here.value) ?? null
    return entry !== null && !entry.gone && this.look.value?.subscription != null ? entry : null
  })
  /** It is this person's, whether it works or not. */
  readonly wasHere: ReadonlySignal<boolean> = computed(
    () => this.devices.value?.some(({ deviceId }) => deviceId === this.#here.value) === true,
  )
  readonly working: ReadonlySignal<number> = computed(() => this.devices.value?.filter(({ gone }) => !gone).length ?? 0)
  /** A device that was turned on and gets nothing any more: worse than none, because somebody relies on it. */
  readonly failing: ReadonlySignal<boolean> = computed(() => {
    const mine = this.devices.value ?? []
    const lostHere = this.wasHere.value && this.here.value === null
    return this.look.value !== null && (lostHere || mine.some(({ gone }) => gone))
  })
  readonly #desk: PushDesk
  readonly #link: ServerLink
  #publicKey: string | null = null
  #sentAt = new Map<string, { readonly deviceId: string; readonly at: number }>()

  constructor(desk: PushDesk, link: ServerLink) {
    this.#desk = desk
    this.#link = link
    desk.onPressed(() => (location.hash = urgentAddress))
    desk.onShown((notificationId) => {
      const sent = this.#sentAt.get(notificationId)
      if (sent !== undefined) this.#tested(sent.deviceId, { step: 'shown', afterMs: performance.now() - sent.at })
    })
  }

  /** After signing in, and when the list is opened: what the browser and the server know. */
  async refresh(): Promise<void> {
    const [look, setup] = await Promise.all([this.#desk.look(), this.#link.request<'push'>({ what: 'push' })])
    this.look.value = look
    if (!setup.ok) {
      this.problem.value = 'server'
      return
    }
    this.#publicKey = setup.body.publicKey
    this.devices.value = setup.body.devices
    // The browser may have got a new address from its push service; the entry stays the same device.
    if (this.here.peek() !== null) await this.#enter(look)
  }

  /** In a click. */
  async turnOn(): Promise<void> {
    const key = this.#publicKey
    if (key === null || this.busy.peek()) return
    this.busy.value = true
    this.problem.value = null
    const result = await this.#desk.turnOn(key)
    if ('failure' in result) {
      this.look.value = await this.#desk.look()
      this.problem.value = result.failure
    } else {
      this.look.value = result.look
      await this.#enter(result.look)
    }
    this.busy.value = false
  }

  async turnOff(deviceId: string): Promise<void> {
    if (deviceId === this.#here.peek()) {
      await this.#desk.turnOff()
      this.#remember(null)
    }
    const answer = await this.#link.request<'push-off'>({ what: 'push-off', deviceId })
    if (!answer.ok && answer.failure !== 'not-found') this.problem.value = 'server'
    await this.refresh()
  }

  async test(deviceId: string): Promise<void> {
    const at = performance.now()
    this.#tested(deviceId, { step: 'sending' })
    const before = this.devices.peek()?.find((device) => device.deviceId === deviceId)?.lastShownAt ?? null
    const answer = await this.#link.request<'push-test'>({ what: 'push-test', deviceId })
    if (!answer.ok) return this.#tested(deviceId, { step: 'server' })
    const { outcome, reason, notificationId } = answer.body
    switch (outcome) {
      case 'timed-out':
        return this.#tested(deviceId, { step: 'timed-out' })
      case 'undeliverable':
        this.#tested(deviceId, { step: 'refused', reason })
        return this.refresh()
      case 'sent':
        this.#sentAt = new Map([[notificationId, { deviceId, at }]])
        this.#tested(deviceId, { step: 'taken' })
        return this.#waitForDevice(deviceId, before, at)
    }
  }

  /** The device speaks to the server alone when it is another one than this. */
  async #waitForDevice(deviceId: string, before: number | null, at: number): Promise<void> {
    while (performance.now() - at < shownWithinMs) {
      await new Promise((resolve) => setTimeout(resolve, askEveryMs))
      const answer = await this.#link.request<'push'>({ what: 'push' })
      if (answer.ok) this.devices.value = answer.body.devices
      const shownAt = this.devices.peek()?.find((device) => device.deviceId === deviceId)?.lastShownAt ?? null
      if (this.tests.peek().get(deviceId)?.step !== 'taken') return
      if (shownAt !== null && shownAt !== before)
        return this.#tested(deviceId, { step: 'shown', afterMs: performance.now() - at })
    }
    this.#tested(deviceId, { step: 'not-shown' })
  }

  async #enter({ subscription, name }: PushLook): Promise<void> {
    if (subscription === null) return
    const answer = await this.#link.request<'push-on'>({ what: 'push-on', device: { ...subscription, name } })
    if (!answer.ok) {
      this.problem.value = answer.failure === 'invalid' ? 'refused' : 'server'
      return
    }
    this.#remember(answer.body.deviceId)
    const others = (this.devices.peek() ?? []).filter(({ deviceId }) => deviceId !== answer.body.deviceId)
    this.devices.value = [...others, answer.body].toSorted((a, b) => a.createdAt - b.createdAt)
  }

  #remember(deviceId: string | null): void {
    this.#here.value = deviceId
    if (deviceId === null) localStorage.removeItem(deviceKey)
    else localStorage.setItem(deviceKey, deviceId)
  }

  #tested(deviceId: string, step: TestStep): void {
    this.tests.value = new Map(this.tests.peek()).set(deviceId, step)
  }
}
