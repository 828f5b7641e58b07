import type { PushDesk, PushLook, TurnedOn } from '#dashboard/core/push-port.ts'
import type { TrustedScript } from '#dashboard/core/script-port.ts'
import { deviceName } from '#domain/device-name.ts'
// oxlint-disable-next-line import/default -- Vite answers this query with the worker's address
import workerUrl from './push-worker.ts?worker&url'
import { isPressedMessage, isShownMessage } from './shown-message.ts'

export const pushWorkerUrl = workerUrl

const supported = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))

const sameBytes = (a: ArrayBuffer | null, b: Uint8Array): boolean => {
  if (a?.byteLength !== b.byteLength) return false
  return new Uint8Array(a).every((byte, index) => byte === b[index])
}

/** Web push of this browser. */
export class BrowserPushDesk implements PushDesk {
  readonly #trusted: TrustedScript
  #registration: Promise<ServiceWorkerRegistration> | null = null

  constructor(trusted: TrustedScript) {
    this.#trusted = trusted
  }

  /** Once the page is there: the service worker opens it next time without a network. A newer release brings a newer one. */
  keepPage(): void {
    if (!isSecureContext || !('serviceWorker' in navigator)) return
    const register = (): void => void this.#register().catch(() => undefined)
    if (document.readyState === 'complete') register()
    else addEventListener('load', register, { once: true })
  }

  async look(): Promise<PushLook> {
    const name = deviceName(navigator.userAgent)
    if (!isSecureContext) return { ability: 'insecure', subscription: null, name }
    if (!supported()) return { ability: 'unsupported', subscription: null, name }
    if (Notification.permission === 'denied') return { ability: 'blocked', subscription: null, name }
    const registration = await navigator.serviceWorker.getRegistration('/')
    const subscription = (await registration?.pushManager.getSubscription()) ?? null
    return { ability: 'possible', subscription: subscription === null ? null : written(subscription), name }
  }

  async turnOn(publicKey: string): Promise<TurnedOn> {
    if (!supported()) return { failure: 'unsupported' }
    // First of all and before anything is waited for: the click counts for a moment only (dashboard.md W27).
    const permission = await Notification.requestPermission()
    if (permission !== 'granted') return { failure: 'blocked' }
    try {
      await this.#register()
      const { pushManager } = await navigator.serviceWorker.ready
      const key = bytesOf(publicKey)
      const before = await pushManager.getSubscription()
      if (before !== null && !sameBytes(before.options.applicationServerKey, key)) await before.unsubscribe()
      await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
      return { look: await this.look() }
    } catch {
      return { failure: 'no-service' }
    }
  }

  async turnOff(): Promise<void> {
    const registration = await navigator.serviceWorker.getRegistration('/')
    const subscription = await registration?.pushManager.getSubscription()
    await subscription?.unsubscribe()
  }

  onShown(listener: (notificationId: string) => void): void {
    if (!supported()) return
    navigator.serviceWorker.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (isShownMessage(event.data)) listener(event.data.notificationId)
    })
  }

  onPressed(listener: () => void): void {
    if (!supported()) return
    navigator.serviceWorker.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (isPressedMessage(event.data)) listener()
    })
  }

  #register(): Promise<ServiceWorkerRegistration> {
    this.#registration ??= this.#registered()
    return this.#registration
  }

  #registered(): Promise<ServiceWorkerRegistration> {
    return navigator.serviceWorker.register(this.#trusted(workerUrl), { scope: '/', updateViaCache: 'none' })
  }
}

const written = (subscription: PushSubscription): PushLook['subscription'] => {
  const { endpoint, keys } = subscription.toJSON()
  const [p256dh, auth] = [keys?.['p256dh'], keys?.['auth']]
  return endpoint === undefined || p256dh === undefined || auth === undefined
    ? null
    : { endpoint, keys: { p256dh, auth } }
}
