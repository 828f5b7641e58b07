import { execFile, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ReadStream } from 'node:tty'
import { promisify } from 'node:util'
import { SimulatorError } from '../core/errors.ts'
import type { Wire } from '../core/ports.ts'

// The recipe of protocols/README.md 9: a pseudo-terminal without a native module.

const run = promisify(execFile)

/** TIOCSPTLCK (unlock) and TIOCGPTN (number), on x86, ARM and RISC-V. The master is file descriptor 3 of the child. */
const unlockers: readonly (readonly [string, readonly string[]])[] = [
  [
    'perl',
    [
      '-e',
      'open(my $m, "+<&=", 3) or die "fd 3: $!"; ioctl($m, 0x40045431, pack("i", 0)) or die "unlock: $!";' +
        'my $n = pack("i", 0); ioctl($m, 0x80045430, $n) or die "number: $!"; print unpack("i", $n);',
    ],
  ],
  [
    'python3',
    [
      '-c',
      'import fcntl,struct\nz=struct.pack("i",0)\nfcntl.ioctl(3,0x40045431,z)\nprint(struct.unpack("i",fcntl.ioctl(3,0x80045430,z))[0])',
    ],
  ],
]

/** Runs one unlocker. As fd 3, because Node clears O_NONBLOCK on a child's 0 to 2 and the flag is shared with ours. */
const ptsNumber = (command: string, args: readonly string[], master: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', master] })
    let out = ''
    let err = ''
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0 && /^\d+\s*$/.test(out)) resolve(Number(out))
      else reject(new Error(`${command} could not unlock the pseudo-terminal: ${err.trim() || `exit code ${code}`}`))
    })
  })

const unlock = async (master: number): Promise<number> => {
  const failures: unknown[] = []
  for (const [command, args] of unlockers) {
    try {
      return await ptsNumber(command, args, master)
    } catch (error) {
      failures.push(error)
    }
  }
  throw new SimulatorError(
    'SIM_PTY_UNAVAILABLE',
    'No pseudo-terminal: neither perl nor python3 could unlock one. Use a TCP port instead.',
    { cause: new AggregateError(failures) },
  )
}

interface Cable {
  readonly device: string
  readonly master: number
  /** Held open, else the master reads EIO whenever no client is connected. */
  readonly slave: number
  readonly stream: ReadStream
}

const openFlags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK

const openCable = async (): Promise<Cable> => {
  let master: number
  try {
    master = openSync('/dev/ptmx', openFlags)
  } catch (cause) {
    throw new SimulatorError('SIM_PTY_UNAVAILABLE', 'No pseudo-terminal: /dev/ptmx cannot be opened.', { cause })
  }
  let slave: number | null = null
  try {
    const device = `/dev/pts/${await unlock(master)}`
    slave = openSync(device, openFlags)
    // Raw before first use, else the line discipline echoes every byte back to us.
    await run('stty', ['-F', device, 'raw', '-echo'])
    return { device, master, slave, stream: new ReadStream(master) }
  } catch (error) {
    if (slave !== null) closeSync(slave)
    closeSync(master)
    throw error
  }
}

const removeLink = (link: string): void => {
  const found = lstatSync(link, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSymbolicLink())
    throw new SimulatorError('SIM_PORT_TAKEN', `${link} exists and is not a link made by a simulator.`)
  unlinkSync(link)
}

const linkTarget = (path: string): string | null =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : null

/** A serial port that exists only in this machine, under a path of our own choice. Baud rate and parity have no effect. */
export class PtyPort implements Wire {
  readonly address: string
  #cable: Cable | null = null
  #received: (bytes: Uint8Array) => void = () => {}
  #dropped = 0

  private constructor(link: string) {
    this.address = link
  }

  /** Makes the port and its link. Rejects with `SIM_PTY_UNAVAILABLE` or `SIM_PORT_TAKEN`. */
  static async open(link: string): Promise<PtyPort> {
    const port = new PtyPort(link)
    mkdirSync(dirname(link), { recursive: true })
    await port.plug()
    return port
  }

  get plugged(): boolean {
    return this.#cable !== null
  }

  get droppedBytes(): number {
    return this.#dropped
  }

  /** The device behind the link, e.g. `/dev/pts/7`; another one after each plug. */
  get device(): string | null {
    return this.#cable?.device ?? null
  }

  onReceived(listener: (bytes: Uint8Array) => void): void {
    this.#received = listener
  }

  async plug(): Promise<void> {
    if (this.#cable !== null) return
    removeLink(this.address)
    const cable = await openCable()
    cable.stream.on('data', (chunk: Buffer) => this.#received(chunk))
    cable.stream.on('error', () => {
      // EIO after the other side vanished; `unplug` and the next `plug` clean up.
    })
    symlinkSync(cable.device, this.address)
    this.#cable = cable
  }

  write(bytes: Uint8Array): void {
    let rest = bytes
    while (this.#cable !== null && rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(this.#cable.master, rest))
      } catch {
        break
      }
    }
    this.#dropped += rest.length
  }

  async unplug(): Promise<void> {
    const cable = this.#cable
    if (cable === null) return
    this.#cable = null
    // Another simulator may have taken the path over; its link stays.
    if (linkTarget(this.address) === cable.device) unlinkSync(this.address)
    closeSync(cable.slave)
    // A stream that an error has closed already says so no second time.
    if (cable.stream.closed) return
    const closed = new Promise<void>((resolve) => cable.stream.once('close', resolve))
    cable.stream.destroy()
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug()
  }
}
