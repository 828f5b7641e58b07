import { describe, expect, it } from 'vitest'
import { BootId, ChannelId, EpisodeId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { PumpStream } from '#gateway/core/pump-stream.ts'
import { MemoryOutbox } from '#test/contract/outbox-memory.ts'
import type { PumpEvent } from '#domain/pump-protocols/profile.ts'

const channelId = ChannelId.parse('1')
const identified: PumpEvent = {
  kind: 'identified',
  identity: {
    serial: 'PUMP-0001',
    maker: null,
    model: null,
    firmware: null,
    statusIntervalMs: 1_000,
    measurementStatus: [],
  },
}
const air: PumpEvent = {
  kind: 'alarm-edge',
  raised: true,
  alarm: { code: 'air-in-line', channelId, vendorCode: '02', vendorText: null, priority: 'high' },
}
const sample: PumpEvent = { kind: 'sample', sample: emptySample(channelId, 'PUMP-0001') }

const streamOn = () => {
  const outbox = new MemoryOutbox(BootId.parse('boot-1'))
  let episodes = 0
  const changes = { count: 0 }
  const stream = new PumpStream({
    outbox,
    appended: () => {},
    pumpChanged: () => (changes.count += 1),
    stamp: () => ({ monotonicMs: 1_000, wallAt: 0, clockQuality: 'unknown' }),
    context: {
      port: 'bed-1',
      experimental: false,
      marks: [],
      defaults: alarmDefaults,
      newEpisodeId: () => EpisodeId.parse(`episode-${(episodes += 1)}`),
    },
  })
  return { outbox, stream, changes }
}

describe('a pump’s stream', () => {
  it('keeps the order of its events, whatever the outbox takes for each', async () => {
    const { outbox, stream } = streamOn()
    const gate = Promise.withResolvers<void>()
    let appends = 0
    outbox.onAppend = async () => {
      appends += 1
      if (appends === 1) await gate.promise
    }
    const done = Promise.all([identified, sample, air].map((event) => stream.push(event)))
    gate.resolve()
    await done
    expect(outbox.records.map(({ kind }) => kind)).toEqual(['telemetry', 'condition'])
  })

  it('never lets an alarm wait for the telemetry group', async () => {
    const { outbox, stream } = streamOn()
    await stream.push(identified)
    const gate = Promise.withResolvers<void>()
    outbox.onAppend = () => gate.promise
    const first = stream.push(sample)
    const before = outbox.hurried
    const second = stream.push(air)
    expect(outbox.hurried).toBeGreaterThan(before)
    gate.resolve()
    await Promise.all([first, second])
  })

  it('commits at once what somebody waits behind, and lets a lone sample wait for company', async () => {
    const { outbox, stream } = streamOn()
    const list: PumpEvent = { kind: 'alarms', active: [] }
    await Promise.all([identified, list].map((event) => stream.push(event)))
    const before = outbox.hurried
    // What each status message of a healthy pump is.
    await Promise.all([list, sample].map((event) => stream.push(event)))
    await stream.push(sample)
    await Promise.all([stream.push(sample), stream.passTime(true)])
    expect(outbox.hurried).toBe(before)
    await stream.push(sample, () => true)
    expect(outbox.hurried).toBe(before + 1)
    // aedes reads nothing behind two publishes of one pump that are not answered.
    await Promise.all([sample, sample].map((event) => stream.push(event)))
    expect(outbox.hurried).toBe(before + 2)
  })

  it('has seen nothing when the outbox refuses, so the same alarm counts when it comes again', async () => {
    const { outbox, stream } = streamOn()
    await stream.push(identified)
    outbox.onAppend = () => {
      throw new Error('no room')
    }
    await expect(stream.push(air)).rejects.toThrow('no room')
    expect(stream.state.alarms.size).toBe(0)
    outbox.onAppend = () => {}
    await stream.push(air)
    await stream.push(air)
    expect(outbox.records.filter(({ kind }) => kind === 'condition')).toHaveLength(1)
  })

  it('tells when a pump appears or its link changes, and not at each sample', async () => {
    const { stream, changes } = streamOn()
    await stream.push(identified)
    await stream.push({ kind: 'link', link: 'up', reason: null })
    expect(changes.count).toBe(2)
    await stream.push(sample)
    await stream.push(sample)
    expect(changes.count).toBe(2)
  })
})
