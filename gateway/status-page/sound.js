// Sound by the audio clock: a burst with its silence is one buffer that loops by itself, so no timer of a slow page can tear a hole.

const volume = 0.8
/** An audio clock that stands still this long is dead: a new context is built. */
const deadAfterMs = 2_000

/** @typedef {'alarm' | 'lost'} SoundName */

/** @type {Readonly<Record<SoundName, string>>} */
const files = { alarm: '/alarm.wav', lost: '/lost.wav' }

export class Sound {
  /** @type {AudioContext | null} */
  #context = null
  /** @type {GainNode | null} */
  #out = null
  /** Loaded while the box is there: the sound for "box lost" cannot be fetched any more when it is needed. @type {Map<SoundName, ArrayBuffer>} */
  #waves = new Map()
  /** @type {Map<SoundName, AudioBuffer>} */
  #buffers = new Map()
  /** @type {{ name: SoundName, source: AudioBufferSourceNode } | null} */
  #playing = null
  #wanted = false
  #lastClock = -1
  #lastClockAt = 0
  #advancing = false

  /** Resolves when both sounds are here; rejects when the box does not give them. */
  async load() {
    for (const name of /** @type {SoundName[]} */ (['alarm', 'lost'])) {
      if (this.#waves.has(name)) continue
      const reply = await fetch(files[name], { signal: AbortSignal.timeout(10_000) })
      if (!reply.ok) throw new Error(`status ${reply.status}`)
      this.#waves.set(name, await reply.arrayBuffer())
    }
  }

  get loaded() {
    return this.#waves.size === 2
  }

  get wanted() {
    return this.#wanted
  }

  /** Only inside a person's gesture does a browser let the sound run. */
  async turnOn() {
    this.#wanted = true
    if (this.#context === null) this.#build()
    await this.#context?.resume()
    await this.load()
    for (const [name, wave] of this.#waves) {
      const context = this.#context
      if (context !== null && !this.#buffers.has(name))
        this.#buffers.set(name, await context.decodeAudioData(wave.slice(0)))
    }
  }

  /** Whether a sound could be heard now: the context runs, its clock advances, and the sounds are there. */
  check() {
    const context = this.#context
    const now = performance.now()
    if (context !== null && context.currentTime > this.#lastClock) {
      this.#advancing = context.state === 'running'
      this.#lastClock = context.currentTime
      this.#lastClockAt = now
    } else if (context !== null && now - this.#lastClockAt > deadAfterMs) {
      this.#advancing = false
      if (this.#wanted) this.#rebuild()
    }
    return this.#advancing && this.#buffers.size === 2
  }

  /** @param {SoundName | null} name */
  play(name) {
    if (this.#playing?.name === name) return
    this.#playing?.source.stop()
    this.#playing = null
    if (name === null || !this.check()) return
    const source = this.#source(name)
    if (source === null) return
    source.loop = true
    source.start()
    this.#playing = { name, source }
  }

  /** One burst by the alarm's own path. */
  test() {
    if (this.#playing !== null || !this.check()) return
    const source = this.#source('alarm')
    source?.start(0, 0, 3.1)
  }

  /** @param {SoundName} name */
  #source(name) {
    const context = this.#context
    const buffer = this.#buffers.get(name)
    if (context === null || buffer === undefined || this.#out === null) return null
    const source = context.createBufferSource()
    source.buffer = buffer
    source.connect(this.#out)
    return source
  }

  #build() {
    const context = new AudioContext()
    const out = context.createGain()
    out.gain.value = volume
    out.connect(context.destination)
    this.#context = context
    this.#out = out
    this.#lastClock = -1
    this.#lastClockAt = performance.now()
  }

  #rebuild() {
    this.#playing = null
    void this.#context?.close().catch(() => undefined)
    this.#build()
    void this.#context?.resume().catch(() => undefined)
  }
}
