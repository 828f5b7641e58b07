/** From the service worker to open pages: this page's notification is on the screen. */
export interface ShownMessage {
  readonly kind: 'page-shown'
  readonly notificationId: string
}

export const isShownMessage = (data: unknown): data is ShownMessage =>
  typeof data === 'object' &&
  data !== null &&
  Reflect.get(data, 'kind') === 'page-shown' &&
  typeof Reflect.get(data, 'notificationId') === 'string'
