import { describe, expect, it } from 'vitest'
import { MqttPump } from '#gateway/core/mqtt-pump.ts'
import type { PumpEvent } from '#domain/pump-protocols/profile.ts'

const telemetry = JSON.stringify({ operatingState: 'infusing', activeAlarms: [] })

const heardAt = (nowMs: number): MqttPump => {
  const pump = new MqttPump('PUMP-5')
  pump.connected()
  pump.message('status', '{"online":true}', nowMs)
  pump.message('telemetry', telemetry, nowMs)
  return pump
}

const links = (events: readonly PumpEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'link' ? [event.link] : []))

describe('an MQTT pump that goes', () => {
  it.each([
    ['by its will or its goodbye', (pump: MqttPump) => pump.message('status', '{"online":false}', 1_000)],
    ['without a word', (pump: MqttPump) => pump.disconnected()],
  ])('is lost once the silence limit has passed: %s', (_how, go) => {
    const pump = heardAt(1_000)
    go(pump)
    expect(pump.link).toBe('closed')
    expect(links(pump.tick(5_999))).toEqual([])
    expect(links(pump.tick(6_000))).toEqual(['lost'])
  })

  it('is not lost when it is back before that', () => {
    const pump = heardAt(1_000)
    pump.message('status', '{"online":false}', 1_000)
    pump.disconnected()
    pump.connected()
    expect(pump.link).toBe('waiting')
    pump.message('telemetry', telemetry, 5_900)
    expect(links(pump.tick(6_000))).toEqual([])
    expect(pump.link).toBe('up')
  })

  it('stays lost when the connection of a lost pump ends', () => {
    const pump = heardAt(1_000)
    pump.tick(9_000)
    pump.disconnected()
    expect(pump.link).toBe('lost')
  })
})
