/** Whether this screen stays on by itself. `hidden`: given back by the browser until the page is looked at again. */
export type AwakeLook = 'off' | 'held' | 'hidden' | 'refused' | 'unsupported'

/** Keeps the screen from going to sleep, as far as a browser can: wallboards use the system's own setting. */
export interface AwakeDesk {
  /** From now on, and again each time the page comes back to the front. */
  hold(): void
  release(): void
  onChange(listener: (look: AwakeLook) => void): void
}
