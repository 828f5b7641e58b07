import { read } from 'node:fs'
import { promisify } from 'node:util'
import { SerialPort } from 'serialport'

const readAsync = promisify(read)

type Binding = typeof SerialPort.binding
type Bound = Awaited<ReturnType<Binding['open']>>
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options of this system's binding, handed on as they came
const openUsual = SerialPort.binding.open.bind(SerialPort.binding) as (options: object) => Promise<Bound>
/** Bindings of systems with file descriptors. */
type UnixBound = Extract<Bound, { readonly poller: unknown }>

const isUnix = (bound: Bound): bound is UnixBound => 'poller' in bound

const notYet: ReadonlySet<unknown> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR'])

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

/** What serialport takes for the end of a read because the port was closed. */
const canceled = (): Error => Object.assign(new Error('the port is closed'), { canceled: true })

const readable = ({ poller }: UnixBound): Promise<void> =>
  new Promise((resolve, reject) => {
    poller.once('readable', (error: Error | null) => (error === null ? resolve() : reject(error)))
  })

const readOnce = async (bound: UnixBound, buffer: Buffer, offset: number, length: number): Promise<number> => {
  for (;;) {
    if (!bound.isOpen || bound.fd === null) throw canceled()
    try {
      return (await readAsync(bound.fd, buffer, offset, length, null)).bytesRead
    } catch (error) {
      if (!notYet.has(codeOf(error))) throw error
      if (!bound.isOpen) throw canceled()
      await readable(bound)
    }
  }
}

/**
 * serialport's own binding with one difference: a read of nothing ends the connection. That is what the system answers for ever once
 * a cable is out (a terminal that was hung up), and the binding of serialport 13 asks again at once: a core at work, memory that
 * grows, and a port that is never opened again, unless a write happens to fail.
 */
export const hangUpEnds = {
  ...SerialPort.binding,
  open: async (options: object): Promise<Bound> => {
    const bound = await openUsual(options)
    if (isUnix(bound))
      bound.read = async (buffer, offset, length) => {
        const bytesRead = await readOnce(bound, buffer, offset, length)
        if (bytesRead === 0) throw new Error('the line was hung up')
        return { buffer, bytesRead }
      }
    return bound
  },
}
