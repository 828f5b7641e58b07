import { Socket } from 'node:net'
import { connectAsync } from 'mqtt'
import type { MqttClient } from 'mqtt'
import type { AlarmView } from '#domain/live/views.ts'
import type { Stolen } from '#test/support/hostile-mqtt.ts'
import { steadily, Timings } from './timings.ts'

/** As often as one pump may (security.md 3). */
const alarmsPerSecond = 2
const code = 'air-in-line'

/** Pumps that behave: each has an alarm that begins and ends every second, and says its values every three. */
export class PumpPeers {
  /** From an alarm's PUBLISH to its PUBACK, which leaves after the hub's disk has it. */
  readonly acknowledged = new Timings()
  /** From an alarm's PUBLISH to an open wall. */
  readonly shown = new Timings()
  thrownOut = 0
  readonly #stop = new AbortController()
  readonly #clients: MqttClient[] = []
  readonly #awaited = new Map<string, number>()

  /** What a wall was told. */
  saw = ({ pumpId }: AlarmView): void => {
    const at = this.#awaited.get(String(pumpId))
    if (at === undefined) return
    this.#awaited.delete(String(pumpId))
    this.shown.took(at)
  }

  async start(port: number, pumps: readonly Stolen[]): Promise<void> {
    for (const { id, password } of pumps) {
      const mqtt = await connectAsync(`mqtt://127.0.0.1:${port}`, {
        clientId: id,
        username: id,
        password,
        reconnectPeriod: 0,
      })
      // Else TCP itself holds an alarm right behind a sample back for 40 ms, and that is measured instead of the hub.
      if (mqtt.stream instanceof Socket) mqtt.stream.setNoDelay(true)
      this.#clients.push(mqtt)
      mqtt.on('error', () => {})
      mqtt.on('close', () => (this.thrownOut += this.#stop.signal.aborted ? 0 : 1))
      const say = async (kind: string, body: object): Promise<void> =>
        void (await mqtt.publishAsync(`pumps/${id}/${kind}`, JSON.stringify(body), { qos: 1 }).catch(() => undefined))
      await say('status', { online: true, serial: id, intervalMs: 5_000, measurementStatus: ['demo'] })
      let active = false
      void steadily(1 / 3, this.#stop.signal, async () => {
        const values = { operatingState: 'infusing', rateMlPerHour: 12.5, measurementStatus: ['valid'] }
        await say('telemetry', { ...values, activeAlarms: active ? [code] : [] })
      })
      void steadily(alarmsPerSecond, this.#stop.signal, async (nth, from) => {
        active = nth % 2 === 0
        this.#awaited.set(id, from)
        await say('alarm', { code, phase: active ? 'start' : 'end', priority: 'high' })
        this.acknowledged.took(from)
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#clients.map((mqtt) => mqtt.endAsync(true)))
  }
}
