/** Why clients, messages and sessions were refused, dropped or ended. */
export interface LiveFeedCounters {
  'refused-origin': number
  'refused-session': number
  'refused-role': number
  /** The session has as many screens open as it may, or opens them too fast. */
  'refused-screens': number
  'refused-message': number
  'dropped-slow': number
  'dropped-flood': number
  'dropped-protocol': number
  /** Nothing can be kept: such a server does not watch, and no screen may look as if it did. */
  'dropped-storage': number
  /** Not heard for some time, when the session needed its place. */
  'dropped-quiet': number
  'ended-session': number
}

export const newLiveFeedCounters = (): LiveFeedCounters => ({
  'refused-origin': 0,
  'refused-session': 0,
  'refused-role': 0,
  'refused-screens': 0,
  'refused-message': 0,
  'dropped-slow': 0,
  'dropped-flood': 0,
  'dropped-protocol': 0,
  'dropped-storage': 0,
  'dropped-quiet': 0,
  'ended-session': 0,
})
