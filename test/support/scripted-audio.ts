// For a page's first script: audio contexts of the real browser whose clock and state a test can take away. A context's `frozenAt` and
// `frozenState` say what it claims instead.

export const breakableAudio = `
  window.contexts = []
  window.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options)
      window.contexts.push(this)
    }
    get currentTime() {
      return this.frozenAt ?? super.currentTime
    }
    get state() {
      return this.frozenState ?? super.state
    }
  }`

/**
 * As in a tab that nobody has pressed: no context runs until `window.mayPlay`. A test's own reads count as presses for the browser, so its
 * policy alone does not block.
 */
export const blockedAudio = `
  window.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options)
      if (!window.mayPlay) super.suspend()
    }
    get currentTime() {
      return window.mayPlay ? super.currentTime : 0
    }
    get state() {
      return window.mayPlay ? super.state : 'suspended'
    }
    async resume() {
      if (window.mayPlay) await super.resume()
    }
  }`
