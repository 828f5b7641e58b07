import { describe, expect, it } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import type { Connection, Transport } from '#gateway/core/ports.ts'
import type { Wire } from '#simulators/core/ports.ts'

export interface Line extends AsyncDisposable {
  readonly wire: Wire
  readonly transport: (permits: (bytes: Uint8Array) => boolean) => Transport
}

const never = new AbortController().signal
const bytes = (text: string): Uint8Array => Buffer.from(text)

/** Gathers what arrives until the connection ends; `ended` gives the error it ended with, or null. */
export class Gathered {
  text = ''
  readonly ended: Promise<unknown>

  constructor(connection: Connection) {
    this.ended = this.#read(connection)
  }

  async #read(connection: Connection): Promise<unknown> {
    try {
      for await (const chunk of connection.incoming) this.text += Buffer.from(chunk).toString('latin1')
      return null
    } catch (error) {
      return error
    }
  }
}

export const gather = (connection: Connection): Gathered => new Gathered(connection)

/** Called once for each real transport, with the pump's end of the same line. */
export const transportContract = (name: string, open: () => Promise<Line>): void => {
  describe(`transport contract: ${name}`, () => {
    it('brings bytes in both directions, unchanged', async () => {
      await using line = await open()
      let received = ''
      line.wire.onReceived((chunk) => (received += Buffer.from(chunk).toString('latin1')))
      await using connection = await line.transport(() => true).open(never)
      const heard = gather(connection)
      const all = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
      line.wire.write(all)
      await eventually(() => heard.text.length === 256)
      expect(Buffer.from(heard.text, 'latin1')).toEqual(all)
      await connection.write(all)
      await eventually(() => received.length === 256)
      expect(Buffer.from(received, 'latin1')).toEqual(all)
    })

    it('refuses bytes that the profile does not permit, and sends none of them', async () => {
      await using line = await open()
      let received = ''
      line.wire.onReceived((chunk) => (received += Buffer.from(chunk).toString('latin1')))
      await using connection = await line.transport((asked) => Buffer.from(asked).toString() === 'ask').open(never)
      await expect(connection.write(bytes('stop'))).rejects.toMatchObject({ code: 'GW_WRITE_REFUSED' })
      await connection.write(bytes('ask'))
      await eventually(() => received === 'ask')
    })

    it('ends when the cable is pulled, and opens again when it is back', async () => {
      await using line = await open()
      const transport = line.transport(() => true)
      for (let round = 0; round < 3; round += 1) {
        await using connection = await transport.open(never)
        const heard = gather(connection)
        line.wire.write(bytes('here'))
        await eventually(() => heard.text === 'here')
        await line.wire.unplug()
        await heard.ended
        await expect(connection.write(bytes('x'))).rejects.toMatchObject({ name: 'GatewayError' })
        await expect(transport.open(never)).rejects.toMatchObject({ code: 'GW_PORT_MISSING' })
        await line.wire.plug()
      }
    })

    it('ends its bytes when it is closed, twice without harm', async () => {
      await using line = await open()
      const connection = await line.transport(() => true).open(never)
      const heard = gather(connection)
      await connection[Symbol.asyncDispose]()
      await connection[Symbol.asyncDispose]()
      expect(await heard.ended).toBeNull()
    })
  })
}
