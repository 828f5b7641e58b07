import type { ChannelReading, PumpView } from './views.ts'

/** What is shown of a pump's values: its first channel, and the others beside it. */
export type ShownValues = Pick<PumpView, keyof ChannelReading | 'otherChannels'>

const readingsOf = ({ otherChannels, sample, sampledAt, receivedAt, uncertaintyMs }: ShownValues): ChannelReading[] => [
  ...(sample === null ? [] : [{ sample, sampledAt, receivedAt, uncertaintyMs }]),
  ...otherChannels,
]

const channelOf = ({ sample }: ChannelReading): string => sample?.channelId ?? ''

/** Readings of one pump, one per channel, as they are shown: always in the same order, so that no channel takes another's place. */
export const shownValues = (readings: Iterable<ChannelReading>): ShownValues => {
  const sorted = [...readings].toSorted((a, b) => channelOf(a).localeCompare(channelOf(b), 'en', { numeric: true }))
  const [first = { sample: null, sampledAt: null, receivedAt: null, uncertaintyMs: 0 }, ...otherChannels] = sorted
  return { ...first, otherChannels }
}

/** The newest of each channel: one that is told late never hides a newer one, nor another channel. */
export const newestValues = (known: ShownValues, told: ShownValues): ShownValues => {
  const newest = new Map(readingsOf(known).map((reading) => [channelOf(reading), reading]))
  for (const reading of readingsOf(told)) {
    const before = newest.get(channelOf(reading))
    if ((reading.sampledAt ?? 0) >= (before?.sampledAt ?? 0)) newest.set(channelOf(reading), reading)
  }
  return shownValues(newest.values())
}

/** All channels that are heard of a pump; none before the first sample. */
export const channelsOf = (pump: ShownValues): readonly ChannelReading[] => readingsOf(pump)
