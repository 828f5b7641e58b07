import type { PumpId } from '#domain/ids.ts'
import type { MqttKind } from './mqtt-topic.ts'

/** What a broker, the hub's own or somebody else's, tells and asks; the fleet of MQTT pumps stands behind it. */
export interface MqttReceiver {
  /** No further pump fits. */
  readonly isFull: boolean
  has(pumpId: PumpId): boolean
  /** How often the pump said it speaks, ms; the default before it has. */
  intervalMs(pumpId: PumpId): number
  connected(pumpId: PumpId): void
  disconnected(pumpId: PumpId): void
  /** Resolves when the message is durable; only then may it be acknowledged. Rejects with the outbox's error. */
  message(pumpId: PumpId, kind: MqttKind, payload: Uint8Array): Promise<void>
  count(counter: string): void
  /** Why no message can come at all, or null. */
  listening(trouble: string | null): void
}
