/** From the service worker to open pages: this page's notification is on the screen. */
export interface ShownMessage {
  readonly kind: 'page-shown'
  readonly notificationId: string
}

/** From the service worker to the page that it brings to the front: somebody pressed a notification. */
export interface PressedMessage {
  readonly kind: 'page-pressed'
}

export const isPressedMessage = (data: unknown): data is PressedMessage =>
  typeof data === 'object' && data !== null && Reflect.get(data, 'kind') === 'page-pressed'

export const isShownMessage = (data: unknown): data is ShownMessage =>
  typeof data === 'object' &&
  data !== null &&
  Reflect.get(data, 'kind') === 'page-shown' &&
  typeof Reflect.get(data, 'notificationId') === 'string'
