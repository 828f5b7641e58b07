import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { generate } from 'mqtt-packet'
import { sayOnce, speech } from '#test/support/hostile-mqtt.ts'
import type { Stolen } from '#test/support/hostile-mqtt.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { holding, paced, strangerAddress, whileOpen } from './attack.ts'
import type { Attack, Target } from './attack.ts'

const seed = 17
const megabyte = 1024 * 1024

const caller = ({ mqttPort: port }: Target, nth: number): Socket =>
  connect({ port, host: '127.0.0.1', localAddress: strangerAddress(nth) })

const connectOf = ({ id, password }: Stolen): Buffer =>
  generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 60,
    clientId: id,
    username: id,
    password: Buffer.from(password),
  })

const stolenAt = ({ stolen }: Target, place: number): Stolen =>
  stolen[place % stolen.length] ?? { id: 'nobody', password: '' }

/** Twice a second a CONNECT of 200 MB, a megabyte at once as long as it is taken; and 30 that never end, a byte a second. */
export const giantConnects: Attack = async (target, signal) => {
  const block = Buffer.alloc(megabyte)
  await Promise.all([
    paced(2, signal, async (nth) => {
      await sayOnce({ port: target.mqttPort, localAddress: strangerAddress(nth) }, [
        Buffer.from([0x10, 0x80, 0x84, 0xaf, 0x5f, 0, 4, ...Buffer.from('MQTT'), 4, 0xc2, 0, 60]),
        block,
      ])
    }),
    holding(30, signal, (place) => {
      const socket = caller(target, 10_000 + place)
      socket.write(Buffer.from([0x10, 0x80, 0x04, 0, 4, ...Buffer.from('MQTT'), 4, 0xc2, 0, 60]))
      whileOpen(socket, 1_000, () => socket.write('x'))
      return socket
    }),
  ])
}

export const randomPerSecond = 1_000

/** Seeded nonsense with and without a stolen pump's secret, each connection from an address of its own. */
export const randomConnections: Attack = async (target, signal) => {
  const random = seededRandom(seed)
  await paced(randomPerSecond, signal, async (nth) => {
    const localAddress = strangerAddress(nth)
    await sayOnce({ port: target.mqttPort, localAddress }, speech(random, stolenAt(target, nth)))
  })
}

/** 20 a second in the name of the victim: with a wrong secret, with a stolen pump's secret, with none; or the stolen pump twice. */
export const takeovers: Attack = (target, signal) =>
  paced(20, signal, async (nth) => {
    const stolen = stolenAt(target, nth)
    const hello = connectOf(
      nth % 4 === 3 ? stolen : { id: 'VICTIM', password: nth % 2 === 0 ? 'guess' : stolen.password },
    )
    await sayOnce({ port: target.mqttPort, localAddress: strangerAddress(20_000 + nth) }, [hello])
  })

const filters = ['#', '+/+/+', '$SYS/#', 'pumps/VICTIM/cmd', 'pumps/VICTIM/alarm', 'a/b/c/d/e/f/g/h', '/'.repeat(200)]

/** Eight stolen pumps, each with 15 subscriptions a second of 21 filters that are not its own. */
export const wildcards: Attack = (target, signal) =>
  holding(8, signal, (place) => {
    const socket = caller(target, 30_000 + place)
    socket.resume()
    socket.write(connectOf(stolenAt(target, place)))
    const subscriptions = [...filters, ...filters, ...filters].map((topic) => ({ topic, qos: 1 as const }))
    const subscribe = generate({ cmd: 'subscribe', messageId: 1, subscriptions })
    whileOpen(socket, 1_000 / 15, () => socket.write(subscribe))
    return socket
  })

/** 30 callers that say nothing at all, and eight stolen pumps that began a message and go on with a byte a second. */
export const slowMqtt: Attack = async (target, signal) => {
  await Promise.all([
    holding(30, signal, (place) => caller(target, 40_000 + place)),
    holding(8, signal, (place) => {
      const socket = caller(target, 50_000 + place)
      socket.resume()
      socket.write(Buffer.concat([connectOf(stolenAt(target, place)), Buffer.from([0x32, 0xe8, 0x07, 0, 4])]))
      whileOpen(socket, 1_000, () => socket.write('x'))
      return socket
    }),
  ])
}
