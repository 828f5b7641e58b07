// What the service worker uses of its global scope. TypeScript's `webworker` library cannot stand beside `dom` in one project.

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void
}

export interface WindowClient {
  readonly url: string
  readonly visibilityState: 'visible' | 'hidden'
  focus(): Promise<WindowClient>
  postMessage(message: unknown): void
}

export interface PushEvent extends Waiting {
  readonly data: { text(): string } | null
  /** What a browser will show by itself (Push API, declarative); absent where it cannot. */
  readonly notification?: Notification | null
}

export interface NotificationClick extends Waiting {
  readonly notification: Notification
}

export interface FetchEvent extends Waiting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

export interface WorkerScope {
  readonly location: { readonly origin: string }
  readonly registration: ServiceWorkerRegistration
  readonly clients: {
    claim(): Promise<void>
    matchAll(which: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly WindowClient[]>
    openWindow(url: string): Promise<WindowClient | null>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Waiting) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'push', listener: (event: PushEvent) => void): void
  addEventListener(type: 'notificationclick', listener: (event: NotificationClick) => void): void
}
