import type { Publication } from '../statement.ts'

/** PUBLISH of MQTT 3.1.1 (section 3.3) with quality 1 and the DUP flag. */
const head = 0x3a

/** A length in groups of seven bits, the lowest first (section 2.2.3). */
const lengthBytes = (length: number): readonly number[] =>
  length < 128 ? [length] : [(length % 128) | 128, ...lengthBytes(Math.floor(length / 128))]

const utf8 = new TextEncoder()

const two = (value: number): readonly number[] => [value >> 8, value & 255]

/** The packet with which a client sends a message again that was not acknowledged: under the id of the first time. */
export const publishAgain = ({ topic, payload }: Publication, packetId: number): Uint8Array => {
  const name = utf8.encode(topic)
  const rest = [...two(name.length), ...name, ...two(packetId), ...utf8.encode(payload)]
  return Uint8Array.from([head, ...lengthBytes(rest.length), ...rest])
}
