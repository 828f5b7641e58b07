import { ChannelId } from '#domain/ids.ts'
import { emptySample, implausibleFields, TelemetrySample } from '#domain/telemetry.ts'
import type { MeasurementStatus } from '#domain/telemetry.ts'

export interface Repaired {
  readonly sample: TelemetrySample
  /** Fields whose value could not be read: not told, raw kept, the sample is `invalid`. */
  readonly bad: readonly string[]
  /** Names that are no field of a sample. */
  readonly unknown: readonly string[]
}

const names = new Set<string>(Object.keys(TelemetrySample.shape))
const flaws: readonly MeasurementStatus[] = ['invalid', 'questionable', 'not-available', 'calibrating']
const maxRawLength = 256

/** Adds marks without repeating; anything but `valid` displaces `valid`, a simulation mark stands beside it. */
export const withStatus = (
  status: readonly MeasurementStatus[],
  add: readonly MeasurementStatus[],
): MeasurementStatus[] => {
  const all = new Set([...status, ...add])
  if (flaws.some((mark) => all.has(mark))) all.delete('valid')
  return [...all]
}

/**
 * Makes a sample out of what a pump said, field by field: one malformed value costs that value and never the others
 * (protocols/README.md 4). Null when a field without which a sample says nothing is missing or malformed.
 */
export const repairSample = (said: Readonly<Record<string, unknown>>, pumpSerial: string): Repaired | null => {
  const channelId = ChannelId.safeParse(said['channelId'] ?? '1')
  const state = TelemetrySample.shape.operatingState.safeParse(said['operatingState'])
  const active = TelemetrySample.shape.activeAlarms.safeParse(said['activeAlarms'])
  if (!channelId.success || !state.success || !active.success) return null

  const fields: Record<string, unknown> = emptySample(channelId.data, pumpSerial.slice(0, 64))
  const raw: Record<string, string> = {}
  const bad: string[] = []
  for (const [name, schema] of Object.entries(TelemetrySample.shape)) {
    if (said[name] === undefined) continue
    const value = schema.safeParse(said[name])
    if (value.success) fields[name] = value.data
    else {
      bad.push(name)
      raw[name] = (JSON.stringify(said[name]) ?? 'unreadable').slice(0, maxRawLength)
    }
  }
  const sample = TelemetrySample.parse({ ...fields, channelId: channelId.data })
  return {
    sample: {
      ...sample,
      raw: { ...sample.raw, ...raw },
      measurementStatus: withStatus(sample.measurementStatus, [
        ...(bad.length > 0 ? (['invalid'] as const) : []),
        ...(implausibleFields(sample).length > 0 ? (['questionable'] as const) : []),
      ]),
    },
    bad,
    unknown: Object.keys(said).filter((name) => !names.has(name)),
  }
}
