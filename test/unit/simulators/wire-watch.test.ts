import { describe, expect, it } from 'vitest'
import { findProfile } from '#domain/pump-protocols/profiles.ts'
import { WireLine } from '#domain/simulators/control.ts'
import { Ip1Twin } from '#simulators/core/ip1/twin.ts'
import { MqttTwin } from '#simulators/core/mqtt-json/twin.ts'
import type { ProtocolTwin } from '#simulators/core/protocol-twin.ts'
import type { Link } from '#simulators/core/pump-report.ts'
import { PumpRunner } from '#simulators/core/pump-runner.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import { storyNamed } from '#simulators/scenario-library.ts'
import type { Scenario } from '#simulators/core/scenario.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import { WireWatch } from '#simulators/core/wire-watch.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { MemoryPublisher, MemoryWire } from '#test/support/memory-wire.ts'

const start = (twin: ProtocolTwin, link: Link, protocol: string) => {
  const clock = new ManualClock()
  const watch = new WireWatch(() => findProfile(protocol)?.newCapture() ?? null)
  const scenario = storyNamed('normal') as Scenario
  const pump = new SimulatedPump({ id: 'P-1', seed: 7, settings: pumpProfiles['generic-ambulatory'], scenario, twin })
  const runner = new PumpRunner({
    pump,
    link,
    clock,
    scheduler: clock,
    truth: { write: () => {} },
    story: 'normal',
    speed: 1,
    cableFailed: () => {},
    watch,
  })
  runner.start()
  return { clock, runner, watch }
}

const ip1 = () => {
  const wire = new MemoryWire()
  const identity = { serial: 'P-1', maker: 'M', model: 'T', firmware: '1', intervalMs: 1_000, capabilities: [] }
  return { wire, ...start(new Ip1Twin({ identity, seed: 7 }), { kind: 'wire', wire }, 'ip1') }
}

const seen = (watch: WireWatch) => {
  const lines: WireLine[] = []
  const leave = watch.join((line) => lines.push(WireLine.parse(line)))
  return { lines, leave: leave ?? (() => {}), joined: leave !== null }
}

const chunks = (lines: readonly WireLine[]) => lines.filter((line) => 'atMs' in line)
const hexOf = (bytes: readonly number[]) => Buffer.from(Uint8Array.from(bytes)).toString('hex').toUpperCase()

describe('looking at a wire', () => {
  it('shows every byte that came out at either end, with its time and what the protocol makes of it', () => {
    const { wire, clock, watch } = ip1()
    clock.advance(5_000)
    const before = wire.written.length
    const { lines } = seen(watch)
    clock.advance(5_000)
    wire.say(Buffer.from('not ip1\r\n'))
    const from = chunks(lines).filter(({ way }) => way === 'from-pump')
    expect(from.map(({ hex }) => hex).join('')).toBe(hexOf(wire.written.slice(before)))
    expect(from.length).toBeGreaterThan(4)
    expect(from.every(({ atMs }) => atMs > 5_000 && atMs <= 10_000)).toBe(true)
    const status = from.flatMap(({ frames }) => frames).find((frame) => frame.ok && frame.type === 'ST')
    expect(status).toMatchObject({ ok: true, fields: { rate: expect.anything() } })
    expect(chunks(lines).at(-1)).toMatchObject({ way: 'to-pump', hex: hexOf([...Buffer.from('not ip1\r\n')]) })
  })

  it('shows what a fault made of the bytes, and a frame that came to nothing', async () => {
    const { runner, clock, watch } = ip1()
    const { lines } = seen(watch)
    await runner.fault({ fault: 'flip', on: true, amount: 0.02, way: 'both' })
    clock.advance(20_000)
    const frames = chunks(lines).flatMap((line) => line.frames)
    expect(frames.filter(({ ok }) => !ok).length).toBeGreaterThan(3)
  })

  it('says which bytes went nowhere', async () => {
    const { runner, clock, watch } = ip1()
    const { lines } = seen(watch)
    await runner.act({ act: 'unplug' })
    clock.advance(3_000)
    const line = chunks(lines).at(-1)
    expect(line?.lostBytes).toBe((line?.hex.length ?? 0) / 2)
  })

  it('shows the messages of an MQTT pump by topic', () => {
    const publisher = new MemoryPublisher()
    const twin = new MqttTwin({ pumpId: 'P-1', serial: 'P-1', intervalMs: 1_000 })
    const { clock, watch } = start(twin, { kind: 'broker', publisher }, 'mqtt-json')
    const { lines } = seen(watch)
    clock.advance(3_000)
    expect(chunks(lines).at(-1)).toMatchObject({
      topic: 'pumps/P-1/telemetry',
      frames: [{ ok: true, type: 'telemetry', fields: { operatingState: 'infusing' } }],
    })
  })

  it('ends for one who leaves, and has room for eight', () => {
    const { clock, watch } = ip1()
    const watchers = Array.from({ length: 9 }, () => seen(watch))
    expect(watchers.map(({ joined }) => joined)).toEqual([...Array.from({ length: 8 }, () => true), false])
    for (const { leave } of watchers) leave()
    clock.advance(3_000)
    expect(watchers.flatMap(({ lines }) => lines)).toEqual([])
    expect(seen(watch).joined).toBe(true)
  })
})
