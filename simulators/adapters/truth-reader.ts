import { open } from 'node:fs/promises'
import { z } from 'zod'
import { Priority } from '#domain/alarm/codes.ts'
import { SimulatorError } from '../core/errors.ts'
import type { TruthLine } from '../core/oracle/truth-line.ts'

const Line = z.object({
  kind: z.string(),
  pumpId: z.string(),
  wallAt: z.number(),
  ids: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  of: z.string().optional(),
  droppedBytes: z.number().optional(),
  plugged: z.boolean().optional(),
  code: z.string().nullable().optional(),
  raised: z.boolean().optional(),
  priority: Priority.nullable().optional(),
  channelId: z.string().optional(),
  infusedTotalMl: z.number().optional(),
  linePressureMmHg: z.number().nullable().optional(),
  rateMlPerHour: z.number().nullable().optional(),
  act: z.string().optional(),
  replaces: z.string().optional(),
  scenario: z.string().optional(),
  damaged: z.boolean().optional(),
  again: z.boolean().optional(),
  fault: z.string().optional(),
  on: z.boolean().optional(),
  uptimeMs: z.number().optional(),
  pauseMs: z.number().optional(),
})

const pieceBytes = 1024 * 1024

/** A truth log of any size that may still be written. Rejects with `SIM_CONFIG_INVALID` when it cannot be read or is none. */
export class TruthReader {
  readonly #path: string
  readonly #lines: TruthLine[] = []
  #offset = 0
  #rest = Buffer.alloc(0)

  constructor(path: string) {
    this.#path = path
  }

  /** All whole lines so far; a line that is being written is left out. */
  async lines(): Promise<readonly TruthLine[]> {
    await using file = await open(this.#path).catch((cause: unknown) => {
      throw new SimulatorError('SIM_CONFIG_INVALID', `Cannot read ${this.#path}.`, { cause })
    })
    const piece = Buffer.alloc(pieceBytes)
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes, this.#offset)
      if (bytesRead === 0) return this.#lines
      this.#offset += bytesRead
      this.#take(Buffer.concat([this.#rest, piece.subarray(0, bytesRead)]))
    }
  }

  #take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(0x0a) + 1
    this.#rest = Buffer.from(bytes.subarray(end))
    if (end === 0) return
    for (const text of bytes.toString('utf8', 0, end - 1).split('\n')) {
      const parsed = Line.safeParse(parseJson(text))
      if (!parsed.success)
        throw new SimulatorError(
          'SIM_CONFIG_INVALID',
          `${this.#path}: line ${this.#lines.length + 1} is no line of a truth log.`,
        )
      this.#lines.push(parsed.data)
    }
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
