import type { NewPushDevice } from '#domain/live/push-api.ts'

/** What this browser can do about pages when the page itself is closed. */
export type PushAbility =
  /** No service worker, no push or no notifications; on an iPhone: not on the Home Screen. */
  | 'unsupported'
  /** Not https and not localhost: browsers hand out none of it there. */
  | 'insecure'
  /** Somebody said no; only the browser's own settings can change that. */
  | 'blocked'
  /** Can be asked, or said yes already. */
  | 'possible'

export interface PushLook {
  readonly ability: PushAbility
  /** What push services know this browser by; null: it has no subscription. */
  readonly subscription: Omit<NewPushDevice, 'name'> | null
  /** As a person would call it: "Chrome on Android". */
  readonly name: string
}

export type TurnedOn = { readonly look: PushLook } | { readonly failure: 'blocked' | 'no-service' | 'unsupported' }

/** The browser's end of web push. */
export interface PushDesk {
  look(): Promise<PushLook>
  /** Call inside a click: browsers ask for permission only then. `publicKey`: the server's, base64url. */
  turnOn(publicKey: string): Promise<TurnedOn>
  turnOff(): Promise<void>
  /** The notification of this page is on this very screen. */
  onShown(listener: (notificationId: string) => void): void
  /** Somebody pressed a notification, and this page was brought to the front. */
  onPressed(listener: () => void): void
}
