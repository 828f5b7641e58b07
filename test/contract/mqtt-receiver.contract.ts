import { describe, expect, it } from 'vitest'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { alarm, publishAs, status, telemetry } from '#test/support/mqtt-hub.ts'
import type { IClientOptions, MqttClient } from 'mqtt'
import type { Fleet } from '#test/support/mqtt-hub.ts'

/** A hub with some broker between it and its pumps. Everything ends with the test. */
export interface MqttWay extends Fleet {
  readonly pump: (clientId: string, options?: IClientOptions) => Promise<MqttClient>
}

const conditions = ({ outbox }: Fleet): number => outbox.records.filter(({ kind }) => kind === 'condition').length

/** What holds for a message of a pump, whichever broker it comes through. */
export const mqttReceiverContract = (name: string, open: () => Promise<MqttWay>): void => {
  describe(`a message of a pump, through ${name}`, () => {
    it('is stored with the pump’s identity and mark, in the order it was sent', async () => {
      const way = await open()
      const pump = await way.pump('PUMP-5')
      await publishAs(pump, 'status', status)
      await publishAs(pump, 'telemetry', telemetry)
      await publishAs(pump, 'alarm', alarm)
      await publishAs(pump, 'event', { event: 'bag-changed', at: '2026-01-05T08:00:00Z' })
      await eventually(() => way.outbox.records.length >= 5)
      const records = way.outbox.records
      expect(records.map(({ kind }) => kind)).toEqual(['event', 'snapshot', 'telemetry', 'condition', 'event'])
      expect(records.every(({ pumpId }) => pumpId === 'PUMP-5')).toBe(true)
      expect(records.every(({ body }) => 'measurementStatus' in body && body.measurementStatus.includes('demo'))).toBe(
        true,
      )
      expect(way.fleet.pumps()).toMatchObject([{ pumpId: 'PUMP-5', serial: 'SN-5', link: 'up', simulated: true }])
    })

    it('comes again when the outbox refused it, and nothing behind it is lost', async () => {
      const way = await open()
      const pump = await way.pump('PUMP-5', { reconnectPeriod: 20 })
      await publishAs(pump, 'status', status)
      await eventually(() => way.count('ok') === 1)
      let refusals = 0
      way.outbox.onAppend = () => {
        refusals += 1
        if (refusals === 1) throw new Error('no room')
      }
      await publishAs(pump, 'alarm', alarm)
      await publishAs(pump, 'telemetry', telemetry)
      await eventuallyPasses(() => {
        expect(way.count('notStored')).toBe(1)
        expect(conditions(way)).toBe(1)
        expect(way.outbox.records.filter(({ kind }) => kind === 'telemetry')).toHaveLength(1)
      })
    })

    it('may be nonsense: it is counted and does not come back', async () => {
      const way = await open()
      const pump = await way.pump('PUMP-5')
      for (const body of ['not json', '[]', '{}', '{"__proto__":{"operatingState":"infusing"}}', 'x'.repeat(17 * 1024)])
        await publishAs(pump, 'telemetry', body)
      await publishAs(pump, 'telemetry', telemetry)
      await eventually(() => way.count('ok') === 1)
      expect(way.fleet.report().counters).toMatchObject({ form: 2, bad: 2, over: 1 })
      expect(way.outbox.records.filter(({ kind }) => kind === 'telemetry')).toHaveLength(1)
    })

    it('is stored in order when forty come at once', async () => {
      const way = await open()
      const pump = await way.pump('PUMP-5')
      const volumes = Array.from({ length: 40 }, (_, n) => n / 8)
      await Promise.all(volumes.map((infusedTotalMl) => publishAs(pump, 'telemetry', { ...telemetry, infusedTotalMl })))
      await eventually(() => way.count('ok') === 40)
      const stored = way.outbox.records.flatMap((record) =>
        record.kind === 'telemetry' ? [record.body.infusedTotalMl] : [],
      )
      expect(stored).toEqual(volumes)
    })

    it('counts as the pump’s goodbye when it is the will of a broken connection', async () => {
      const way = await open()
      const will = { topic: 'pumps/PUMP-5/status', payload: Buffer.from('{"online":false}'), qos: 1 as const }
      const pump = await way.pump('PUMP-5', { will })
      await publishAs(pump, 'telemetry', telemetry)
      await eventually(() => way.fleet.pumps()[0]?.link === 'up')
      pump.stream.destroy()
      await eventually(() => way.fleet.pumps()[0]?.link === 'closed')
    })

    it('is stored at QoS 0 too, and counted', async () => {
      const way = await open()
      const pump = await way.pump('PUMP-5')
      await pump.publishAsync('pumps/PUMP-5/alarm', JSON.stringify(alarm), { qos: 0 })
      await eventually(() => conditions(way) === 1)
      expect(way.count('qos0')).toBe(1)
    })

    it('may come from a pump that is called like a part of an object', async () => {
      const way = await open()
      for (const id of ['constructor', 'toString']) {
        const pump = await way.pump(id)
        await publishAs(pump, 'telemetry', telemetry)
      }
      await eventually(() => way.count('ok') === 2)
      expect(way.fleet.pumps().map(({ pumpId }) => pumpId)).toEqual(['constructor', 'toString'])
    })
  })
}
