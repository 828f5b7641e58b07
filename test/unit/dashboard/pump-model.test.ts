import { describe, expect, it } from 'vitest'
import { PumpModel } from '#dashboard/ui/state/pump-model.ts'
import { ChannelId } from '#domain/ids.ts'
import { pumpOf, sampleOf, someTime } from '#test/support/live-fixtures.ts'

const reading = (channel: string, rateMlPerHour: number, sampledAt: number) => ({
  sample: sampleOf({ channelId: ChannelId.parse(channel), rateMlPerHour }),
  sampledAt,
  receivedAt: sampledAt,
  uncertaintyMs: 0,
})
const rates = (model: PumpModel) =>
  model.channels.map(({ sample }) => [sample.value?.channelId, sample.value?.rateMlPerHour])

describe('a pump of two channels on screen', () => {
  const view = pumpOf('p1', { ...reading('1', 5, someTime), otherChannels: [reading('2', 7, someTime)] })

  it('keeps the objects of its channels while their values change', () => {
    const model = new PumpModel(view)
    const [first, second] = model.channels
    model.hear({ ...reading('1', 6, someTime + 1), otherChannels: [reading('2', 8, someTime + 1)] })
    expect(model.channels[0]).toBe(first)
    expect(model.channels[1]).toBe(second)
    expect(rates(model)).toEqual([
      ['1', 6],
      ['2', 8],
    ])
  })

  it('takes a second channel that comes later, and never an older value', () => {
    const model = new PumpModel(pumpOf('p1', reading('1', 5, someTime)))
    expect(model.channels).toHaveLength(1)
    model.hear({ ...reading('1', 4, someTime - 1), otherChannels: [reading('2', 7, someTime)] })
    expect(rates(model)).toEqual([
      ['1', 5],
      ['2', 7],
    ])
  })

  it('shares one identity and link between its channels', () => {
    const model = new PumpModel(view)
    model.see({ ...view, link: 'lost' })
    expect(model.channels.map(({ identity }) => identity.value.link)).toEqual(['lost', 'lost'])
  })
})
