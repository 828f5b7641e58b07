import { hexText } from '#domain/pump-protocols/ascii.ts'
import type { CaptureLine, CaptureReader } from '#domain/pump-protocols/profile.ts'
import type { WireLine } from '#domain/simulators/control.ts'
import type { Cancel } from '#domain/time.ts'
import type { Way } from './faults/catalog.ts'
import type { Publication } from './statement.ts'

/** What arrived at one end of the wire, faults included. */
export interface WireChunk {
  readonly atMs: number
  readonly way: Exclude<Way, 'both'>
  readonly bytes: Uint8Array
  readonly lostBytes: number
}

const mostWatchers = 8

const messageOf = ({ topic, payload }: Publication, hex: string): CaptureLine => {
  try {
    const fields: unknown = JSON.parse(payload)
    if (typeof fields === 'object' && fields !== null)
      return { ok: true, type: topic.split('/').at(-1) ?? topic, fields: { ...fields }, hex }
  } catch {
    // Not JSON: told below.
  }
  return { ok: false, fault: 'bad', hex }
}

/** Lets people see what passes on one pump's wire. Costs nothing while nobody looks. */
export class WireWatch {
  readonly #newCapture: () => CaptureReader | null
  readonly #watchers = new Set<(line: WireLine) => void>()
  readonly #captures = new Map<WireChunk['way'], CaptureReader | null>()

  /** `newCapture` gives the decoder of the pump's protocol; null: it has none, its messages are JSON. */
  constructor(newCapture: () => CaptureReader | null) {
    this.#newCapture = newCapture
  }

  /** Lines from now on; null: too many look already. */
  join(watcher: (line: WireLine) => void): Cancel | null {
    if (this.#watchers.size >= mostWatchers) return null
    // Under a key of its own: one reader may come twice.
    const own = (line: WireLine): void => watcher(line)
    this.#watchers.add(own)
    return () => {
      this.#watchers.delete(own)
      if (this.#watchers.size === 0) this.#captures.clear()
    }
  }

  passed({ atMs, way, bytes, lostBytes }: WireChunk): void {
    if (this.#watchers.size === 0 || bytes.length === 0) return
    const frames = this.#captureOf(way)?.push(bytes) ?? []
    this.#tell({ atMs, way, hex: hexText(bytes), ...(lostBytes > 0 ? { lostBytes } : {}), frames: [...frames] })
  }

  published(atMs: number, publication: Publication, plugged: boolean): void {
    if (this.#watchers.size === 0) return
    const bytes = new TextEncoder().encode(publication.payload)
    const hex = hexText(bytes)
    this.#tell({
      atMs,
      way: 'from-pump',
      hex,
      topic: publication.topic,
      ...(plugged ? {} : { lostBytes: bytes.length }),
      frames: [messageOf(publication, hex)],
    })
  }

  #captureOf(way: WireChunk['way']): CaptureReader | null {
    const known = this.#captures.get(way)
    if (known !== undefined) return known
    const capture = this.#newCapture()
    this.#captures.set(way, capture)
    return capture
  }

  #tell(line: WireLine): void {
    for (const watcher of this.#watchers) watcher(line)
  }
}
