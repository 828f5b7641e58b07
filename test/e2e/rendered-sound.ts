import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { z } from 'zod'
import { burstLengthMs, bursts } from '#domain/sound/bursts.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'

// The page's own code puts a burst onto an offline audio clock of a real browser; what comes out is judged here.

const root = join(import.meta.dirname, '..', '..')
export const sampleRate = 22_050
const tailMs = 120

const Bundle = z.array(z.object({ output: z.array(z.looseObject({ code: z.string() })) }))

/** The adapter that sounds, as a script for a page. */
export const soundScript = async (): Promise<string> => {
  const built = await build({
    root,
    logLevel: 'error',
    configFile: false,
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(root, 'dashboard/src/adapters/audio/play-burst.ts'),
        formats: ['iife'],
        name: 'sound',
      },
    },
  })
  return Bundle.parse([built].flat())[0]?.output[0]?.code ?? ''
}

/** One burst as it leaves the loudspeaker's input, mono. */
export const renderBurst = async (page: Page, kind: BurstKind, volume = 0.5): Promise<Float64Array> => {
  const seconds = (burstLengthMs(bursts[kind]) + tailMs) / 1_000
  const samples = await page.evaluate<number[]>(`(async () => {
    const context = new OfflineAudioContext(1, Math.ceil(${seconds} * ${sampleRate}), ${sampleRate})
    const { playBurst } = typeof sound === 'function' ? { playBurst: sound } : sound
    playBurst(context, ${JSON.stringify(bursts[kind])}, 0, ${volume})
    return [...(await context.startRendering()).getChannelData(0)]
  })()`)
  return Float64Array.from(samples)
}

/** One period of the lowest tone is the shortest stretch that says how loud it is, ms. */
const windowMs = 4

/** The greatest swing around each ms. */
export const loudness = (samples: Float64Array): readonly number[] => {
  const half = Math.round((windowMs / 2_000) * sampleRate)
  return Array.from({ length: Math.floor((samples.length / sampleRate) * 1_000) }, (_, ms) => {
    const middle = Math.round((ms / 1_000) * sampleRate)
    return samples
      .slice(Math.max(0, middle - half), middle + half)
      .reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  })
}

/** A pulse is over when it was quieter than a quarter for this long, ms: partials beat, pulses pause for 75 ms and more. */
const silenceMs = 20

/** When each pulse passes half of its own full loudness on its way up, ms. */
export const onsetsOf = (levels: readonly number[]): readonly number[] => {
  const quiet = Math.max(...levels) / 4
  const pulses: { from: number; to: number }[] = []
  for (const [ms, level] of levels.entries()) {
    if (level < quiet) continue
    const last = pulses.at(-1)
    if (last !== undefined && ms - last.to <= silenceMs) last.to = ms
    else pulses.push({ from: ms, to: ms })
  }
  return pulses.map(({ from, to }) => {
    const half = Math.max(...levels.slice(from, to + 1)) / 2
    return levels.findIndex((level, ms) => ms >= from && level >= half)
  })
}

/** How strong a frequency is in a stretch, dB. */
const strengthDb = (samples: Float64Array, fromMs: number, toMs: number, hertz: number): number => {
  const part = samples.slice(Math.round((fromMs * sampleRate) / 1_000), Math.round((toMs * sampleRate) / 1_000))
  let re = 0
  let im = 0
  for (const [at, value] of part.entries()) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / part.length)
    const angle = (2 * Math.PI * hertz * at) / sampleRate
    re += value * hann * Math.cos(angle)
    im += value * hann * Math.sin(angle)
  }
  return 10 * Math.log10((re * re + im * im) / part.length + Number.MIN_VALUE)
}

/** Peaks between 150 Hz and 4 kHz that are within 15 dB of the strongest, Hz. */
export const peaksOf = (samples: Float64Array, fromMs: number, toMs: number): readonly number[] => {
  const step = 10
  const spectrum = Array.from({ length: 385 }, (_, at) => {
    const hertz = 150 + at * step
    return { hertz, db: strengthDb(samples, fromMs, toMs, hertz) }
  })
  const strongest = Math.max(...spectrum.map(({ db }) => db))
  return spectrum.flatMap(({ hertz, db }, at) => {
    const before = spectrum[at - 1]?.db ?? -Infinity
    const after = spectrum[at + 1]?.db ?? -Infinity
    return db > before && db >= after && db >= strongest - 15 ? [hertz] : []
  })
}
