import { PumpId } from '#domain/ids.ts'

/** Last part of a pump's topic `pumps/{id}/…` (docs/protocols/mqtt-json.md). */
export const mqttKinds = ['telemetry', 'alarm', 'event', 'status'] as const
export type MqttKind = (typeof mqttKinds)[number]

export interface PumpTopic {
  readonly pumpId: PumpId
  readonly kind: MqttKind
}

/** What stands in front of `{id}/{kind}`. */
export const ownPrefix = 'pumps'

/** Whose topic it is and which, or null for every other one. Exact: no wildcard, no further level, no other spelling. */
export const readTopic = (topic: string, prefix: string = ownPrefix): PumpTopic | null => {
  if (!topic.startsWith(`${prefix}/`)) return null
  const [id, last, ...rest] = topic.slice(prefix.length + 1).split('/')
  const pumpId = PumpId.safeParse(id)
  const kind = mqttKinds.find((kind) => kind === last)
  return pumpId.success && kind !== undefined && rest.length === 0 ? { pumpId: pumpId.data, kind } : null
}

export const topicOf = ({ pumpId, kind }: PumpTopic, prefix: string = ownPrefix): string =>
  `${prefix}/${pumpId}/${kind}`

/** The one topic a pump may subscribe to. Nothing is ever sent there. */
export const commandTopic = (clientId: string): string => `${ownPrefix}/${clientId}/cmd`
