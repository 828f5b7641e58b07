/** A look reaches this far back, in samples: longer than any pause inside a burst. */
const reach = 32_768
/** Of full swing: far under the quietest burst that can be chosen, far over silence. */
const audibleSwing = 0.005

/**
 * Where bursts pass on their way to the loudspeaker. A context can run and its clock advance while its graph gives nothing: only
 * what was seen here counts as sounded (dashboard.md 8, rule 10).
 */
export class Ear {
  readonly #context: BaseAudioContext
  readonly #analyser: AnalyserNode

  /** `passes`: false lets nothing through to the loudspeaker. */
  constructor(context: BaseAudioContext, passes: boolean) {
    this.#context = context
    this.#analyser = context.createAnalyser()
    this.#analyser.fftSize = reach
    const out = context.createGain()
    out.gain.value = passes ? 1 : 0
    this.#analyser.connect(out).connect(context.destination)
  }

  get input(): AudioNode {
    return this.#analyser
  }

  /** Whether anything passed since `sinceMs` of the audio clock; to be asked about once a second, and at the end of a burst. */
  hears(sinceMs: number): boolean {
    const passed = Math.floor((this.#context.currentTime - sinceMs / 1000) * this.#context.sampleRate)
    if (passed <= 0) return false
    const samples = new Float32Array(reach)
    this.#analyser.getFloatTimeDomainData(samples)
    return samples.subarray(-Math.min(passed, reach)).some((swing) => Math.abs(swing) >= audibleSwing)
  }
}
