import type { MqttKind } from './mqtt-topic.ts'

/** Why a client or a message was turned away. Each is a counter of the port `mqtt` of the same name. */
export type MqttRefusal =
  // before the client has shown who it is
  | 'addressWaiting'
  | 'addressRate'
  | 'strangerRate'
  | 'tooManyWaiting'
  | 'tlsFailed'
  | 'noConnect'
  | 'slowConnect'
  | 'version'
  | 'emptyClientId'
  | 'badClientId'
  | 'keepAlive'
  | 'unknownPump'
  | 'otherUser'
  | 'wrongSecret'
  | 'tooManyPumps'
  | 'pumpConnects'
  // packets
  | 'badLength'
  | 'over'
  | 'slowPacket'
  | 'tooManyPackets'
  | 'protocol'
  | 'silentClient'
  // what it may do
  | 'foreignTopic'
  | 'foreignWill'
  | 'foreignSubscription'
  | `${MqttKind}Rate`

const words: Readonly<Record<MqttRefusal, string>> = {
  addressWaiting: 'too many connections of one address wait to say who they are',
  addressRate: 'one address connects too often without saying who it is',
  strangerRate: 'too many connections of addresses from which no pump has come yet',
  tooManyWaiting: 'too many connections wait to say who they are',
  tlsFailed: 'no TLS could be agreed on',
  noConnect: 'the first packet is no CONNECT',
  slowConnect: 'nobody said who it is in time',
  version: 'not MQTT 3.1.1',
  emptyClientId: 'a client without an id',
  badClientId: 'a client id that is no pump id',
  keepAlive: 'a keep-alive of 0 or above 120 s',
  unknownPump: 'a pump that is not listed',
  otherUser: 'a user name that is not the client id',
  wrongSecret: 'a wrong secret',
  tooManyPumps: 'more pumps than a hub serves',
  pumpConnects: 'one pump connects again and again',
  badLength: 'a packet length of more than 4 bytes',
  over: 'a packet that is too long',
  slowPacket: 'a packet that does not end',
  tooManyPackets: 'too many packets that carry no message',
  protocol: 'a broken packet or one out of turn',
  silentClient: 'nothing within the keep-alive time',
  foreignTopic: 'a message to a topic that is not its own',
  foreignWill: 'a will for a topic that is not its own',
  foreignSubscription: 'a subscription to a topic that is not its own',
  telemetryRate: 'too much telemetry',
  alarmRate: 'too many alarm messages',
  eventRate: 'too many event messages',
  statusRate: 'too many status messages',
}

/** For a log or a person. */
export const refusalText = (refusal: MqttRefusal): string => words[refusal]
